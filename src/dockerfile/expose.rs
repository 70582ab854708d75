//! The ports of `EXPOSE`.

use crate::source::Span;

/// What a port is spoken to by.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Protocol {
    /// `tcp`, also if nothing is said.
    Tcp,
    /// `udp`
    Udp,
    /// `sctp`
    Sctp,
}

/// A port, or a range of ports, of an `EXPOSE`.
///
/// ```text
/// EXPOSE 8080 9000-9010/udp
///             ^^^^^^^^^^^^^ span
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Port {
    /// The word that says it.
    pub span: Span,
    /// The first port.
    pub first: u16,
    /// The last port, the first one for a single port.
    pub last: u16,
    /// The protocol.
    pub protocol: Protocol,
}

impl Port {
    /// The port that `text` says. `None` for a mapping to the host, and what is malformed.
    pub(super) fn parse(text: &str, span: Span) -> Option<Self> {
        let (ports, protocol) = text.split_once('/').unwrap_or((text, ""));
        let protocol = match protocol.to_ascii_lowercase().as_str() {
            "" | "tcp" => Protocol::Tcp,
            "udp" => Protocol::Udp,
            "sctp" => Protocol::Sctp,
            _ => return None,
        };
        let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
        let port = |text: &str| text.parse::<u16>().ok().filter(|_| !text.starts_with('+'));
        let (first, last) = (port(first)?, port(last)?);
        (first <= last).then_some(Self { span, first, last, protocol })
    }

    /// Whether `port` is one of the ports.
    pub fn contains(&self, port: u16) -> bool {
        (self.first..=self.last).contains(&port)
    }
}
