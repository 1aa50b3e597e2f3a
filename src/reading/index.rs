/// The places that an index holds at most.
const MOST: usize = 1 << 16;

/// Where the rows of a list begin: every one of a short list, every second, fourth, … of a long one, so that an index
/// never takes more than half a megabyte.
#[derive(Debug, Clone)]
pub struct Index {
    starts: Vec<u64>,
    /// How many rows lie between two places.
    stride: u64,
    count: u64,
}

impl Default for Index {
    fn default() -> Self {
        Self { starts: Vec::new(), stride: 1, count: 0 }
    }
}

impl Index {
    /// Adds the row that begins at `start`.
    pub fn push(&mut self, start: u64) {
        if self.count.is_multiple_of(self.stride) {
            self.starts.push(start);
        }
        self.count += 1;
        if self.starts.len() > MOST {
            self.starts = self.starts.iter().copied().step_by(2).collect();
            self.stride *= 2;
        }
    }

    /// How many rows there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The last known place at or before `row`: the number of the row there, and where it begins.
    pub fn locate(&self, row: u64) -> Option<(u64, u64)> {
        let slot = (row / self.stride).min(self.starts.len().checked_sub(1)? as u64);
        let start = self.starts.get(usize::try_from(slot).ok()?)?;
        Some((slot * self.stride, *start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_takes_no_more_room_and_every_row_is_near_a_known_place() {
        let mut index = Index::default();
        assert_eq!(index.locate(0), None);
        for row in 0..1_000_000 {
            index.push(row * 10);
        }
        assert!(index.starts.len() <= MOST);
        for row in [0, 1, 77_777, 999_999, 5_000_000] {
            let (known, start) = index.locate(row).unwrap();
            assert!(known <= row && start == known * 10);
            assert!(row.min(999_999) - known < 16, "{row}: {known}");
        }
    }
}
