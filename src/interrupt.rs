//! Interrupts: what has begun is finished, and nothing more begins.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Whether the process was asked to end. The second time, it ends at once.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicUsize>);

impl Interrupt {
    /// Returns one that hears of Ctrl-C and of SIGTERM from now on.
    pub fn watch() -> io::Result<Interrupt> {
        let signal = Arc::new(AtomicUsize::new(0));
        let again = Arc::new(AtomicBool::new(false));
        for number in [SIGINT, SIGTERM] {
            // In this order: the first signal is what arms the end.
            flag::register_conditional_shutdown(number, 128 + number, again.clone())?;
            flag::register(number, again.clone())?;
            flag::register_usize(number, signal.clone(), number as usize)?;
        }
        Ok(Interrupt(signal))
    }

    /// Returns whether it was asked for.
    pub fn is_asked_for(&self) -> bool {
        self.exit_code().is_some()
    }

    /// Returns the exit code of a process that ends by the signal, as shells have it.
    pub fn exit_code(&self) -> Option<u8> {
        let signal = self.0.load(Ordering::Relaxed);
        (signal > 0).then(|| 128 + signal as u8)
    }
}
