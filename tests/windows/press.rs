//! Starts a program and, once a line comes on standard input, lets it hear of an event of its console, in the way in
//! which Windows does: a thread in the program's process calls `CtrlRoutine`. Its exit status is the program's.
//!
//! `press ctrl-c|ctrl-break|close PROGRAM [ARGUMENT]...`; built by `rustc` alone, for the package has no `unsafe`.

use std::ffi::{CStr, c_void};
use std::os::windows::io::{AsRawHandle as _, RawHandle};
use std::process::{Command, Stdio, exit};
use std::{env, io, ptr};

type Routine = unsafe extern "system" fn(*mut c_void) -> u32;

unsafe extern "system" {
    fn GetModuleHandleA(name: *const i8) -> RawHandle;
    fn GetProcAddress(module: RawHandle, name: *const i8) -> Option<Routine>;
    fn CreateRemoteThread(
        process: RawHandle,
        attributes: *const c_void,
        stack: usize,
        start: Routine,
        parameter: *mut c_void,
        flags: u32,
        id: *mut u32,
    ) -> RawHandle;
}

fn main() {
    let mut args = env::args().skip(1);
    // CTRL_C_EVENT, CTRL_BREAK_EVENT, CTRL_CLOSE_EVENT
    let events = ["ctrl-c", "ctrl-break", "close"];
    let wanted = args.next();
    let event = events.iter().position(|event| Some(*event) == wanted.as_deref()).expect("an event");
    let program = args.next().expect("a program");
    let mut child = Command::new(program).args(args).stdin(Stdio::null()).spawn().expect("it starts");
    io::stdin().read_line(&mut String::new()).expect("a line");
    let (module, name): (&CStr, &CStr) = (c"kernelbase.dll", c"CtrlRoutine");
    // SAFETY: both names end in NUL; the routine has this type, and is at the same address in every process.
    let thread = unsafe {
        let routine = GetProcAddress(GetModuleHandleA(module.as_ptr()), name.as_ptr()).expect("the routine is there");
        CreateRemoteThread(child.as_raw_handle(), ptr::null(), 0, routine, event as *mut c_void, 0, ptr::null_mut())
    };
    assert!(!thread.is_null(), "{}", io::Error::last_os_error());
    exit(child.wait().expect("it ends").code().unwrap_or(-1));
}
