//! The same for many things, on several threads.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

/// How many threads there are cores for.
pub fn cores() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// Returns what `turn` makes of each, in their order.
pub fn on_every_core<T: Sync, R: Send>(all: &[T], turn: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(all.len()));
    let work = || {
        while let Some((at, one)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, all.get(at)?)))
        {
            let result = turn(one);
            locked(&done).push((at, result));
        }
    };
    thread::scope(|scope| {
        for _ in 1..cores().get().min(all.len()) {
            scope.spawn(work);
        }
        work();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// What is heard of a thing, by its place.
#[derive(Debug)]
pub enum Heard<M> {
    Begun(usize),
    Told(usize, M),
    Done(usize),
}

/// So many things a thread may be ahead of the first that is not done: what they tell is kept.
const AHEAD: usize = 16;

/// Gives each thing its turn, on so many threads, and `hear` what the turns tell, on this thread.
/// What is told is heard in the order of the things; what begins is heard at once. No turn begins
/// once `go_on` says no. Returns how many turns there were: those of the first things.
pub fn in_their_order<T: Sync, M: Send>(
    all: &[T],
    threads: NonZeroUsize,
    go_on: impl Fn() -> bool + Sync,
    turn: impl Fn(&T, &mut dyn FnMut(M)) + Sync,
    hear: &mut dyn FnMut(Heard<M>),
) -> usize {
    let queue = Queue::default();
    let ahead = AHEAD.saturating_mul(threads.get());
    let (to_us, from_threads) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads.get().min(all.len()) {
            let to_us = to_us.clone();
            let (queue, go_on, turn) = (&queue, &go_on, &turn);
            scope.spawn(move || {
                while let Some(at) = queue.next(all.len(), ahead, go_on) {
                    let end = AtEnd(&to_us, at);
                    end.say(Heard::Begun(at));
                    turn(&all[at], &mut |told| end.say(Heard::Told(at, told)));
                }
            });
        }
        drop(to_us);
        sorted(from_threads, &queue, hear);
    });
    locked(&queue.places).begun
}

/// Says that a turn is done, also where it ends in a panic: others wait for that.
struct AtEnd<'a, M>(&'a mpsc::Sender<Heard<M>>, usize);

impl<M> AtEnd<'_, M> {
    fn say(&self, heard: Heard<M>) {
        // Whoever hears lives as long as the threads.
        drop(self.0.send(heard));
    }
}

impl<M> Drop for AtEnd<'_, M> {
    fn drop(&mut self) {
        self.say(Heard::Done(self.1));
    }
}

/// Hears what the threads tell, in the order of the things.
fn sorted<M>(
    from_threads: mpsc::Receiver<Heard<M>>,
    queue: &Queue,
    hear: &mut dyn FnMut(Heard<M>),
) {
    let mut first = 0;
    let mut kept: BTreeMap<usize, Vec<Heard<M>>> = BTreeMap::new();
    for heard in from_threads {
        let at = match &heard {
            Heard::Begun(_) => {
                hear(heard);
                continue;
            }
            Heard::Told(at, _) | Heard::Done(at) => *at,
        };
        if at != first {
            kept.entry(at).or_default().push(heard);
            continue;
        }
        let mut is_done = matches!(heard, Heard::Done(_));
        hear(heard);
        while is_done {
            first += 1;
            let next = kept.remove(&first).unwrap_or_default();
            is_done = matches!(next.last(), Some(Heard::Done(_)));
            next.into_iter().for_each(&mut *hear);
        }
        queue.is_done_up_to(first);
    }
}

/// Which thing is next.
#[derive(Default)]
struct Queue {
    places: Mutex<Places>,
    moved: Condvar,
}

#[derive(Default)]
struct Places {
    begun: usize,
    /// All before it are done.
    first_undone: usize,
}

impl Queue {
    fn next(&self, count: usize, ahead: usize, go_on: &dyn Fn() -> bool) -> Option<usize> {
        let is_too_far = |places: &mut Places| {
            places.begun < count && places.begun >= places.first_undone + ahead
        };
        let places = self.moved.wait_while(locked(&self.places), is_too_far);
        let mut places = places.unwrap_or_else(PoisonError::into_inner);
        if places.begun >= count || !go_on() {
            return None;
        }
        places.begun += 1;
        Some(places.begun - 1)
    }

    fn is_done_up_to(&self, first: usize) {
        locked(&self.places).first_undone = first;
        self.moved.notify_all();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn told(count: usize, threads: usize, stop_at: usize) -> (Vec<usize>, usize) {
        let all: Vec<usize> = (0..count).collect();
        let begun = AtomicUsize::new(0);
        let mut told = Vec::new();
        let turns = in_their_order(
            &all,
            NonZeroUsize::new(threads).expect("a thread"),
            || begun.load(Ordering::Relaxed) < stop_at,
            |&number, tell| {
                begun.fetch_add(1, Ordering::Relaxed);
                // The first of each ten takes longest.
                thread::sleep(Duration::from_micros(if number % 10 == 0 {
                    900
                } else {
                    50
                }));
                tell(2 * number);
                tell(2 * number + 1);
            },
            &mut |heard| {
                if let Heard::Told(_, what) = heard {
                    told.push(what);
                }
            },
        );
        (told, turns)
    }

    #[test]
    fn what_is_told_is_heard_in_order() {
        for threads in [1, 2, 7, 400] {
            let (told, turns) = told(300, threads, usize::MAX);
            assert_eq!((turns, told.len()), (300, 600), "{threads} threads");
            assert!(told.is_sorted(), "{threads} threads: {told:?}");
        }
        assert_eq!(told(0, 3, usize::MAX), (Vec::new(), 0));
    }

    #[test]
    fn turns_that_began_are_done_and_no_more_begin() {
        let (told, turns) = told(300, 3, 40);
        assert!((40..=43).contains(&turns), "{turns}");
        assert_eq!(told, (0..2 * turns).collect::<Vec<_>>());
    }
}
