//! Long lists of which each state of a preview has its own, and nearly all of it in common with the one before.

use rayon::prelude::*;
use std::ops::Index;
use std::sync::Arc;

/// How many items stand on a sheet. A list of ten thousand is copied by as many sheets as one sheet has items, about.
const ON_A_SHEET: usize = 64;

/// A list on sheets. A copy shares all sheets with it, and whoever sets an item writes its sheet anew: so neither costs as
/// much as there are items, to be found one by one wherever they lie in memory.
#[derive(Debug)]
pub struct Sheets<T> {
    /// All full but the last.
    sheets: Vec<Arc<[T]>>,
    length: usize,
}

impl<T> Sheets<T> {
    pub fn len(&self) -> usize {
        self.length
    }

    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    pub fn get(&self, at: usize) -> Option<&T> {
        self.sheets.get(at / ON_A_SHEET)?.get(at % ON_A_SHEET)
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.sheets.iter().flat_map(|sheet| sheet.iter())
    }

    /// How many items come first of which this holds; none of those after them may be like that.
    pub fn partition_point(&self, holds: impl Fn(&T) -> bool) -> usize {
        let full = self.sheets.partition_point(|sheet| sheet.last().is_some_and(&holds));
        self.sheets.get(full).map_or(self.length, |sheet| full * ON_A_SHEET + sheet.partition_point(&holds))
    }

    /// The place of the item with a key, in a list that is sorted by it.
    pub fn place_of<K: Ord + ?Sized>(&self, key: &K, of: impl Fn(&T) -> &K) -> Option<usize> {
        let at = self.partition_point(|item| of(item) < key);
        self.get(at).filter(|item| of(item) == key).map(|_| at)
    }

    /// The places where two lists of one length may differ: those on sheets that they do not share.
    pub fn apart<'a>(&'a self, other: &'a Sheets<T>) -> impl Iterator<Item = usize> + use<'a, T> {
        let sheets = self.sheets.iter().zip(&other.sheets).enumerate();
        let apart = sheets.filter(|(_, (one, other))| !Arc::ptr_eq(one, other));
        apart.flat_map(|(number, (sheet, _))| (0..sheet.len()).map(move |at| number * ON_A_SHEET + at))
    }
}

impl<T: Clone> Sheets<T> {
    /// Puts an item in the place of another.
    ///
    /// # Panics
    /// Where there is no such place.
    pub fn set(&mut self, at: usize, item: T) {
        Arc::make_mut(&mut self.sheets[at / ON_A_SHEET])[at % ON_A_SHEET] = item;
    }
}

impl<T: Sync + Send> Sheets<T> {
    pub fn par_iter(&self) -> impl IndexedParallelIterator<Item = &T> {
        (0..self.length).into_par_iter().map(|at| &self[at])
    }
}

impl<T> Index<usize> for Sheets<T> {
    type Output = T;

    fn index(&self, at: usize) -> &T {
        &self.sheets[at / ON_A_SHEET][at % ON_A_SHEET]
    }
}

// Items need not be copied for that.
impl<T> Clone for Sheets<T> {
    fn clone(&self) -> Self {
        Sheets { sheets: self.sheets.clone(), length: self.length }
    }
}

impl<T> Default for Sheets<T> {
    fn default() -> Self {
        Sheets { sheets: Vec::new(), length: 0 }
    }
}

impl<T> From<Vec<T>> for Sheets<T> {
    fn from(items: Vec<T>) -> Self {
        items.into_iter().collect()
    }
}

impl<T> FromIterator<T> for Sheets<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut items = items.into_iter().peekable();
        let mut all = Sheets::default();
        while items.peek().is_some() {
            let sheet: Arc<[T]> = items.by_ref().take(ON_A_SHEET).collect::<Vec<T>>().into();
            all.length += sheet.len();
            all.sheets.push(sheet);
        }
        all
    }
}

impl<T: Send> FromParallelIterator<T> for Sheets<T> {
    fn from_par_iter<I: IntoParallelIterator<Item = T>>(items: I) -> Self {
        items.into_par_iter().collect::<Vec<T>>().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(length: usize) -> Sheets<usize> {
        (0..length).collect()
    }

    #[test]
    fn it_is_the_list_it_was_made_from() {
        for length in [0, 1, ON_A_SHEET - 1, ON_A_SHEET, ON_A_SHEET + 1, 5 * ON_A_SHEET] {
            let list = numbers(length);
            assert_eq!((list.len(), list.is_empty()), (length, length == 0));
            assert!(list.iter().copied().eq(0..length) && list.iter().rev().copied().eq((0..length).rev()));
            assert!(list.par_iter().copied().collect::<Vec<_>>().into_iter().eq(0..length));
            assert!((0..length).all(|at| list[at] == at && list.get(at) == Some(&at)) && list.get(length).is_none());
            for at in 0..=length {
                assert_eq!(list.partition_point(|item| *item < at), at);
                assert_eq!(list.place_of(&at, |item| item), (at < length).then_some(at));
            }
        }
        let even: Sheets<usize> = (0..200).map(|number| number * 2).collect();
        assert_eq!((even.place_of(&81, |item| item), even.place_of(&82, |item| item)), (None, Some(41)));
    }

    #[test]
    fn who_sets_an_item_leaves_copies_as_they_are() {
        let before = numbers(3 * ON_A_SHEET);
        let mut now = before.clone();
        assert_eq!(now.apart(&before).count(), 0);
        now.set(ON_A_SHEET + 1, 7);
        assert_eq!((now[ON_A_SHEET + 1], before[ON_A_SHEET + 1]), (7, ON_A_SHEET + 1));
        assert!(now.apart(&before).eq(ON_A_SHEET..2 * ON_A_SHEET), "the others are shared");
        now.set(ON_A_SHEET + 1, ON_A_SHEET + 1);
        assert!(now.iter().eq(before.iter()));
    }
}
