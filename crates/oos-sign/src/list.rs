//! A short list that lives on the stack and moves to the heap only when it grows long.

/// Up to `N` items without an allocation.
pub(crate) struct ShortList<T, const N: usize> {
    inline: [T; N],
    used: usize,
    spilled: Vec<T>,
}

impl<T: Copy, const N: usize> ShortList<T, N> {
    /// An empty list; `filler` only occupies the unused places.
    pub(crate) fn new(filler: T) -> Self {
        Self {
            inline: [filler; N],
            used: 0,
            spilled: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, item: T) {
        if self.used < N {
            self.inline[self.used] = item;
            self.used += 1;
            return;
        }
        if self.spilled.is_empty() {
            self.spilled.extend_from_slice(&self.inline);
        }
        self.spilled.push(item);
    }

    pub(crate) fn as_slice(&self) -> &[T] {
        if self.spilled.is_empty() {
            &self.inline[..self.used]
        } else {
            &self.spilled
        }
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [T] {
        if self.spilled.is_empty() {
            &mut self.inline[..self.used]
        } else {
            &mut self.spilled
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_order_below_at_and_above_its_size() {
        for count in 0..10_usize {
            let mut list = ShortList::<usize, 4>::new(99);
            (0..count).for_each(|item| list.push(item));
            let expected: Vec<usize> = (0..count).collect();
            assert_eq!(list.as_slice(), expected);
            assert_eq!(list.as_mut_slice(), expected);
        }
    }
}
