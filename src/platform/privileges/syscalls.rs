//! The system calls that are left to a process that has all it needs open: it reads, writes, waits, and keeps its memory
//! and its threads. It opens no file and starts no program, and has no socket but UDP's, where it is to have those, and the
//! one that tells of interfaces.
//!
//! What is not listed fails as if the kernel did not have it (`ENOSYS`), so that a newer C library falls back on what it
//! did before instead of ending the capture. See seccomp(2).

use std::collections::BTreeMap;
use std::io;

use libc::c_long;
use seccompiler::SeccompCmpOp::{Eq, MaskedEq, Ne};
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, apply_filter_all_threads,
};

use super::Reach;

/// What needs no second look.
const ALLOWED: &[c_long] = &[
    // What is open: read, written, waited for, closed; and how a capture counts and is read without its ring.
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_lseek,
    libc::SYS_fstat,
    libc::SYS_fcntl,
    libc::SYS_fsync,
    libc::SYS_fdatasync,
    libc::SYS_ftruncate,
    libc::SYS_close,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_poll,
    libc::SYS_ppoll,
    libc::SYS_getsockname,
    libc::SYS_getsockopt,
    libc::SYS_setsockopt,
    libc::SYS_recvfrom,
    libc::SYS_recvmsg,
    // Memory.
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    // Threads and signals.
    libc::SYS_futex,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_gettid,
    libc::SYS_getpid,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_sigaltstack,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigtimedwait,
    libc::SYS_restart_syscall,
    libc::SYS_exit,
    libc::SYS_exit_group,
    // Time and chance.
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
];

/// What the lab's server and client need besides.
const ALLOWED_UDP: &[c_long] = &[
    libc::SYS_bind,
    libc::SYS_connect,
    libc::SYS_getpeername,
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_sendmmsg,
    libc::SYS_recvmmsg,
];

/// How long a `sockaddr_nl` is.
const NETLINK_ADDRESS_LEN: i32 = 12;

/// Refuses all other system calls from here on, in all threads.
pub fn filter_system_calls(reach: Reach) -> io::Result<()> {
    let program = program(reach).map_err(io::Error::other)?;
    apply_filter_all_threads(&program).map_err(io::Error::other)
}

fn program(reach: Reach) -> Result<BpfProgram, BackendError> {
    let rules = rules(reach)?;
    let refused = SeccompAction::Errno(libc::ENOSYS.unsigned_abs());
    SeccompFilter::new(rules, refused, SeccompAction::Allow, TargetArch::try_from(std::env::consts::ARCH)?)?.try_into()
}

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

fn rules(reach: Reach) -> Result<Rules, BackendError> {
    let more = if reach == Reach::Udp { ALLOWED_UDP } else { &[] };
    let mut rules: Rules = ALLOWED.iter().chain(more).map(|call| (*call, Vec::new())).collect();
    let mut allow = |call, conditions: &[(u8, SeccompCmpOp, i32)]| {
        let conditions = conditions.iter().map(|(argument, op, value)| condition(*argument, op, *value));
        rules.entry(call).or_default().push(SeccompRule::new(conditions.collect::<Result<_, _>>()?)?);
        Ok::<_, BackendError>(())
    };
    // No memory that can be run: what the program is made of is there already.
    for call in [libc::SYS_mmap, libc::SYS_mprotect] {
        allow(call, &[(2, masked(libc::PROT_EXEC), 0)])?;
    }
    // Threads, no processes; `clone3` says which in memory, where no filter can look, and everybody can do without.
    allow(libc::SYS_clone, &[(0, masked(libc::CLONE_THREAD), libc::CLONE_THREAD)])?;
    // Nothing is typed into the terminal.
    allow(libc::SYS_ioctl, &[(1, Ne, request(libc::TIOCSTI)), (1, Ne, request(libc::TIOCLINUX))])?;
    // Whether the interface is up is asked of the kernel. An address as short as netlink's names no device, so that the
    // handle can neither be bound to another nor send there.
    allow(libc::SYS_socket, &[(0, Eq, libc::AF_NETLINK), (2, Eq, libc::NETLINK_ROUTE)])?;
    if reach == Reach::Open {
        allow(libc::SYS_bind, &[(2, Eq, NETLINK_ADDRESS_LEN)])?;
        allow(libc::SYS_sendto, &[(5, Eq, NETLINK_ADDRESS_LEN)])?;
    }
    // Threads have names, and the process may end itself.
    allow(libc::SYS_prctl, &[(0, Eq, libc::PR_SET_NAME)])?;
    allow(libc::SYS_tgkill, &[(0, Eq, std::process::id().cast_signed())])?;
    if reach == Reach::Udp {
        for family in [libc::AF_INET, libc::AF_INET6] {
            allow(libc::SYS_socket, &[(0, Eq, family), (1, masked(0xf), libc::SOCK_DGRAM)])?;
        }
    }
    Ok(rules)
}

fn masked(bits: i32) -> SeccompCmpOp {
    MaskedEq(u64::from(bits.cast_unsigned()))
}

/// An argument of 32 bits, and nothing beyond them: of those the kernel looks at no more either.
fn condition(argument: u8, op: &SeccompCmpOp, value: i32) -> Result<SeccompCondition, BackendError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, op.clone(), value.cast_unsigned().into())
}

/// A request of an ioctl, which is wider in some C libraries than in the kernel.
#[allow(clippy::cast_possible_truncation, clippy::unnecessary_cast)]
fn request(request: libc::Ioctl) -> i32 {
    request as i32
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::net::{TcpListener, UdpSocket};
    use std::os::fd::AsRawFd as _;
    use std::process::{Command, exit};
    use std::thread;

    use nix::sys::socket::{AddressFamily, SockFlag, SockType, SockaddrIn, bind, socket};

    use super::*;

    const CHILD: &str = "LOOPSHARK_TEST_OF_SYSTEM_CALLS";

    /// What a process can do that has filtered its system calls; the name of the test that starts it, for there is no way
    /// back.
    fn left_with(reach: Reach, test: &str) -> String {
        if std::env::var_os(CHILD).is_some() {
            exit(tried(reach));
        }
        let name = format!("platform::privileges::syscalls::tests::{test}");
        let mut child = Command::new(std::env::current_exe().unwrap());
        let ended = child.args(["--exact", &name]).env(CHILD, "1").output().unwrap();
        let status = ended.status.code().unwrap();
        WAYS.iter()
            .enumerate()
            .filter(|(bit, _)| status >> bit & 1 == 1)
            .map(|(_, way)| *way)
            .collect::<Vec<_>>()
            .join(" ")
    }

    const WAYS: [&str; 8] = ["open", "tcp", "udp", "bind", "program", "thread", "write", "time"];

    fn tried(reach: Reach) -> i32 {
        let (mut reader, mut writer) = io::pipe().unwrap();
        let unbound = socket(AddressFamily::Inet, SockType::Datagram, SockFlag::empty(), None).unwrap();
        filter_system_calls(reach).unwrap();
        let ways = [
            File::open("/dev/null").is_ok(),
            TcpListener::bind("127.0.0.1:0").is_ok(),
            UdpSocket::bind("127.0.0.1:0").is_ok(),
            bind(unbound.as_raw_fd(), &SockaddrIn::new(127, 0, 0, 1, 0)).is_ok(),
            Command::new("/bin/true").status().is_ok(),
            thread::Builder::new().spawn(|| ()).is_ok_and(|thread| thread.join().is_ok()),
            io::Write::write_all(&mut writer, b"x").is_ok() && io::Read::read_exact(&mut reader, &mut [0]).is_ok(),
            std::time::SystemTime::now() > std::time::SystemTime::UNIX_EPOCH,
        ];
        ways.iter().rev().fold(0, |bits, way| bits << 1 | i32::from(*way))
    }

    #[test]
    fn a_capture_reads_and_writes_what_is_open_and_nothing_else() {
        let left = left_with(Reach::Open, "a_capture_reads_and_writes_what_is_open_and_nothing_else");
        assert_eq!(left, "thread write time");
    }

    #[test]
    fn the_lab_has_sockets_too_but_only_of_udp() {
        let left = left_with(Reach::Udp, "the_lab_has_sockets_too_but_only_of_udp");
        assert_eq!(left, "udp bind thread write time");
    }
}
