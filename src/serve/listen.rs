//! Opens the port that browsers know: the wanted one, or the next one that is free.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use anyhow::{anyhow, bail};

/// How many ports after the wanted one are tried: more servers than anyone runs at once.
const MORE_PORTS: u16 = 20;

/// Opens this port or the next free one after it. 0 takes any.
pub fn open(address: IpAddr, port: u16) -> anyhow::Result<TcpListener> {
    let last = if port == 0 { 0 } else { port.saturating_add(MORE_PORTS) };
    for port in port..=last {
        match TcpListener::bind((address, port)) {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            Err(error) => {
                let say = format!("Port {port} on {address} cannot be opened; name another one with --port");
                return Err(anyhow!(error).context(say));
            }
        }
    }
    bail!("The ports {port} to {last} on {address} are all taken; stop one of those programs or name a port with --port")
}

/// The address under which a program on this machine reaches a listener.
pub fn reachable(bound: SocketAddr) -> SocketAddr {
    let ip = match bound.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, bound.port())
}
