//! Compiled selectors, kept by their texts: templates evaluate the same programs again and again.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use super::{Selector, SelectorError};

/// Bytes of program text kept at most; then all are forgotten and kept anew.
const MAX_TEXT: usize = 128 * 1024;

#[derive(Default)]
struct Kept {
    selectors: HashMap<String, Arc<Selector>>,
    text: usize,
}

static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);

/// The selector of a text, compiled now or earlier. Texts that do not compile are not kept.
pub(super) fn get(text: &str) -> Result<Arc<Selector>, SelectorError> {
    let lock = || KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(selector) = lock().selectors.get(text) {
        return Ok(Arc::clone(selector));
    }
    // Compiled without the lock; of two that do so at once, the later one is kept.
    let selector = Arc::new(Selector::compile(text)?);
    let mut kept = lock();
    if kept.text + text.len() > MAX_TEXT {
        *kept = Kept::default();
    }
    kept.text += text.len();
    kept.selectors
        .insert(text.to_owned(), Arc::clone(&selector));
    Ok(selector)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{KEPT, MAX_TEXT, get};

    #[test]
    fn texts_are_compiled_once_and_forgotten_in_time() {
        let text = ".kept | length";
        let first = get(text).expect("a program");
        assert!(Arc::ptr_eq(&first, &get(text).expect("a program")));
        assert!(get("kept(").is_err());
        for number in 0..5000 {
            let program = format!(".a{number:0>60}");
            assert_eq!(get(&program).expect("a path").as_str(), program);
        }
        let kept = KEPT.lock().expect("no panic holds it");
        assert!(kept.text <= MAX_TEXT && kept.selectors.len() < 5000);
    }
}
