use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::server::{config::Rate, session::token::RecordKey};

/// Counts forced logouts. Past a set rate the upstream is believed to be broken rather than everybody signed out.
#[derive(Debug)]
pub struct Brake {
    api: String,
    limit: usize,
    window: Duration,
    recent: Mutex<Recent>,
}

#[derive(Debug, Default)]
struct Recent {
    endings: VecDeque<(Instant, RecordKey)>,
    /// While the brake is engaged, when a session was kept last.
    kept_at: Option<Instant>,
}

impl Brake {
    /// The brake of the API with this name, which is a label of its measurements.
    pub fn new(api: &str, settings: Rate) -> Self {
        Self {
            api: api.to_owned(),
            limit: usize::try_from(settings.limit).unwrap_or(usize::MAX),
            window: settings.window,
            recent: Mutex::default(),
        }
    }

    /// Whether the session `key` may be ended now. Many calls of one session count once.
    pub fn admit(&self, key: RecordKey) -> bool {
        self.admit_at(key, Instant::now())
    }

    /// Lets go when its time is over, also where nobody is refused any more.
    pub fn look(&self) {
        self.look_at(Instant::now());
    }

    fn look_at(&self, now: Instant) {
        self.let_go(&mut self.recent(now), now);
    }

    fn recent(&self, now: Instant) -> MutexGuard<'_, Recent> {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        while recent.endings.front().is_some_and(|(at, _)| now.duration_since(*at) >= self.window) {
            recent.endings.pop_front();
        }
        recent
    }

    fn admit_at(&self, key: RecordKey, now: Instant) -> bool {
        let mut recent = self.recent(now);
        if recent.endings.iter().any(|(_, ended)| *ended == key) {
            return true;
        }
        let admitted = recent.endings.len() < self.limit;
        if admitted {
            recent.endings.push_back((now, key));
            self.let_go(&mut recent, now);
        } else {
            self.keep(&mut recent, now);
        }
        admitted
    }

    /// Counts each call whose session is kept. Says so once, when the brake engages.
    fn keep(&self, recent: &mut Recent, now: Instant) {
        metrics::counter!("vestibule_logout_brake_kept_total", "api" => self.api.clone()).increment(1);
        if recent.kept_at.replace(now).is_some() {
            return;
        }
        self.engaged().set(1.0);
        let (api, limit, window) = (&self.api, self.limit, self.window.as_secs_f64());
        tracing::error!(
            api,
            limit,
            window,
            "the upstream refuses every token: no more sessions are ended for now"
        );
    }

    /// Lets go once nothing has been kept for a whole window, and says so. One ending that is admitted is no sign of that:
    /// however long the upstream is broken, old endings leave the window and make room.
    fn let_go(&self, recent: &mut Recent, now: Instant) {
        if recent.kept_at.take_if(|kept_at| now.duration_since(*kept_at) >= self.window).is_some() {
            self.engaged().set(0.0);
            let api = &self.api;
            tracing::warn!(api, "sessions are ended again when the upstream refuses their tokens");
        }
    }

    fn engaged(&self) -> metrics::Gauge {
        metrics::gauge!("vestibule_logout_brake_engaged", "api" => self.api.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_at_the_limit_and_lets_go_after_the_window() {
        let brake = Brake::new("", Rate { limit: 2, window: Duration::from_secs(10) });
        let start = Instant::now();
        let key = |n| RecordKey::from_bytes([n; 32]);
        assert!(brake.admit_at(key(1), start));
        assert!(brake.admit_at(key(2), start + Duration::from_secs(1)));
        assert!(!brake.admit_at(key(3), start + Duration::from_secs(2)));
        assert!(brake.admit_at(key(1), start + Duration::from_secs(3)), "the same session counts once");
        assert!(!brake.admit_at(key(3), start + Duration::from_millis(9_999)));
        assert!(brake.admit_at(key(3), start + Duration::from_secs(10)));
    }

    #[test]
    fn lets_go_when_nobody_is_refused_any_more() {
        let brake = Brake::new("", Rate { limit: 1, window: Duration::from_secs(10) });
        let start = Instant::now();
        let is_engaged = || brake.recent.lock().unwrap().kept_at.is_some();
        assert!(brake.admit_at(RecordKey::from_bytes([1; 32]), start));
        assert!(!brake.admit_at(RecordKey::from_bytes([2; 32]), start));
        brake.look_at(start + Duration::from_secs(9));
        assert!(is_engaged());
        brake.look_at(start + Duration::from_secs(10));
        assert!(!is_engaged());
    }

    #[test]
    fn stays_engaged_for_as_long_as_sessions_are_kept() {
        let brake = Brake::new("", Rate { limit: 1, window: Duration::from_secs(10) });
        let start = Instant::now();
        let is_engaged = || brake.recent.lock().unwrap().kept_at.is_some();
        let ends = |second: u8| {
            let now = start + Duration::from_secs(second.into());
            brake.admit_at(RecordKey::from_bytes([second; 32]), now)
        };
        for second in 0..60 {
            assert_eq!(ends(second), second % 10 == 0, "one in each window: {second}");
            assert_eq!(is_engaged(), second > 0, "{second}");
        }
        assert!(ends(68) && is_engaged());
        assert!(ends(79) && !is_engaged(), "nothing was kept for a whole window");
    }
}
