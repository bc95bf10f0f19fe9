//! Colours, where they are wanted.

use clap::builder::styling::{AnsiColor, Style};

/// Paints texts, or leaves them as they are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paint {
    colour: bool,
}

impl Paint {
    /// Paints if colours are wanted.
    pub(crate) fn new(colour: bool) -> Self {
        Self { colour }
    }

    /// The word of a state or an outcome: good, bad, or in between.
    pub(crate) fn status(self, status: &str) -> String {
        let colour = match status {
            "Success" | "Sent" => AnsiColor::Green,
            "Failed" | "Cancelled" | "NotMatched" | "NotWaiting" | "NoChild" | "TimedOut" => {
                AnsiColor::Red
            }
            "Skipped" => AnsiColor::BrightBlack,
            _ => AnsiColor::Yellow,
        };
        self.with(colour.on_default(), status)
    }

    /// What is bad.
    pub(crate) fn bad(self, text: &str) -> String {
        self.with(AnsiColor::Red.on_default().bold(), text)
    }

    /// What is good.
    pub(crate) fn good(self, text: &str) -> String {
        self.with(AnsiColor::Green.on_default(), text)
    }

    /// What stands out.
    pub(crate) fn strong(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    /// What stands back.
    pub(crate) fn faint(self, text: &str) -> String {
        self.with(AnsiColor::BrightBlack.on_default(), text)
    }

    fn with(self, style: Style, text: &str) -> String {
        if self.colour && !text.is_empty() {
            format!("{}{text}{}", style.render(), style.render_reset())
        } else {
            text.to_owned()
        }
    }
}
