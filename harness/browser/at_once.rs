//! Has other processes of this machine send each message at once.
//!
//! A socket that was left as the system makes it (RFC 896, Nagle's algorithm) holds a message back
//! while one before it is unconfirmed, and the other side may take 40 ms to confirm it (RFC 1122,
//! delayed ACK) where it has nothing to send itself.

/// Sets `TCP_NODELAY` on every connection that a process has now. A system that keeps processes
/// apart may not let us: then nothing changes.
#[cfg(target_os = "linux")]
pub(super) fn send_at_once(process: i64) {
    use rustix::net::sockopt::set_tcp_nodelay;
    use rustix::process::{
        ForeignRawFd, Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open,
    };

    let id = i32::try_from(process).ok().and_then(Pid::from_raw);
    let Some(opened) = id.and_then(|id| pidfd_open(id, PidfdFlags::empty()).ok()) else {
        return;
    };
    let Ok(files) = std::fs::read_dir(format!("/proc/{process}/fd")) else {
        return;
    };
    for file in files.flatten() {
        let number: Option<ForeignRawFd> =
            file.file_name().to_str().and_then(|name| name.parse().ok());
        let is_socket = std::fs::read_link(file.path())
            .is_ok_and(|link| link.to_string_lossy().starts_with("socket:"));
        let Some(number) = number.filter(|_| is_socket) else {
            continue;
        };
        // Of another kind of socket it is refused, which changes nothing.
        if let Ok(socket) = pidfd_getfd(&opened, number, PidfdGetfdFlags::empty()) {
            let _ = set_tcp_nodelay(&socket, true);
        }
    }
}

/// Other systems have no way to do this.
#[cfg(not(target_os = "linux"))]
pub(super) fn send_at_once(_: i64) {}

#[cfg(all(test, target_os = "linux"))]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};

    use super::*;

    /// A container may forbid it.
    fn is_allowed() -> bool {
        let own = pidfd_open(getpid(), PidfdFlags::empty());
        own.and_then(|own| pidfd_getfd(&own, 0, PidfdGetfdFlags::empty()))
            .is_ok()
    }

    #[test]
    fn connections_of_a_process_send_at_once_where_the_system_allows_it() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (accepted, _) = listener.accept().unwrap();
        assert!(!stream.nodelay().unwrap());
        send_at_once(i64::from(std::process::id()));
        assert_eq!(stream.nodelay().unwrap(), is_allowed());
        assert_eq!(accepted.nodelay().unwrap(), is_allowed());
    }

    #[test]
    fn process_that_is_gone_is_passed_over() {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        send_at_once(i64::from(child.id()));
    }
}
