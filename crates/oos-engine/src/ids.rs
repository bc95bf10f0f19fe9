//! The forms of ids (docs/semantics.md, "Ids").

use oos_clock::{Entropy, hex32};

/// A new execution id: `exec-` and 20 hexadecimal digits.
pub(crate) fn new_execution_id(entropy: &dyn Entropy) -> String {
    format!("exec-{}", &hex32(entropy)[..20])
}

/// The id of the `number`th child, counted from 1: at least four digits, more when needed.
pub(crate) fn child_execution_id(parent: &str, number: u64) -> String {
    format!("{parent}.{number:04}")
}

/// The id of the `number`th task execution, counted from 1.
pub(crate) fn task_execution_id(execution: &str, number: u64) -> String {
    format!("{execution}.t{number:04}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use oos_clock::SeededEntropy;

    #[test]
    fn ids_have_their_forms() {
        let id = new_execution_id(&SeededEntropy::new(1));
        assert_eq!(id.len(), 25);
        assert!(id.starts_with("exec-"));
        assert_eq!(child_execution_id("exec-1", 7), "exec-1.0007");
        assert_eq!(child_execution_id("exec-1", 12_345), "exec-1.12345");
        assert_eq!(task_execution_id("exec-1.0007", 1), "exec-1.0007.t0001");
    }
}
