//! A map that can't outgrow its cap: what has not been used for the longest time leaves first.
//!
//! Two generations: entries are born young; when the young are full, they become the old and the former old are
//! dropped at once. An entry that is used again becomes young again. So at least the last `cap / 2` entries used are
//! always there, and no entry costs more than its own hashing. The hash is keyed at random, since keys come from
//! captures.

use std::hash::Hash;

use hashbrown::HashMap;

/// A bounded map.
pub struct Generations<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    cap: usize,
}

impl<K: Eq + Hash, V> Generations<K, V> {
    /// An empty map of at most `cap` entries.
    #[must_use]
    pub fn new(cap: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), cap }
    }

    /// The entry of this key, made where there is none.
    pub fn entry(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        if self.young.len() >= (self.cap / 2).max(1) && !self.young.contains_key(&key) {
            std::mem::swap(&mut self.young, &mut self.old);
            self.young.clear(); // keeps its memory for the next generation
        }
        let old = &mut self.old;
        self.young.entry(key).or_insert_with_key(|key| old.remove(key).unwrap_or_else(make))
    }

    /// The entry of this key, if it is there.
    pub fn find(&mut self, key: &K) -> Option<&mut V> {
        match self.young.get_mut(key) {
            Some(value) => Some(value),
            None => self.old.get_mut(key),
        }
    }

    /// Takes the entry of this key out, if it is there.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.young.remove(key).or_else(|| self.old.remove(key))
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_more_than_the_cap_and_the_recent_half_is_always_there() {
        let mut map = Generations::new(8);
        for key in 0..1000 {
            map.entry(key, || key);
            map.entry(0, || panic!("used all the time, so never dropped"));
            assert!(map.len() <= 8);
            for recent in (key - 2).max(0)..=key {
                assert_eq!(map.find(&recent), Some(&mut { recent }));
            }
        }
        assert_eq!(map.find(&500), None);
    }
}
