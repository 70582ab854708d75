//! The short syntax of `ports`: `[host_ip:][published:]target[/protocol]`.

use std::fmt;
use std::net::IpAddr;
use std::ops::Range;

use super::syntax::{SyntaxError, Text};
use crate::source::{SourceMap, Span, Spanned};

/// One port or several in a row.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PortRange {
    /// The first port.
    pub start: u16,
    /// The last port, not below the first.
    pub end: u16,
}

impl PortRange {
    /// The range that `text` is, such as `80` or `8000-8010`; `None` if it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (start, end) = text.split_once('-').unwrap_or((text, text));
        let (start, end) = (start.parse().ok()?, end.parse().ok()?);
        (start <= end).then_some(Self { start, end })
    }

    /// The range of one port.
    pub fn single(port: u16) -> Self {
        Self { start: port, end: port }
    }

    /// The number of ports, from 1.
    pub fn count(self) -> usize {
        usize::from(self.end - self.start) + 1
    }

    /// Whether `port` is one of the range.
    pub fn contains(self, port: u16) -> bool {
        (self.start..=self.end).contains(&port)
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.start == self.end {
            return write!(f, "{}", self.start);
        }
        write!(f, "{}-{}", self.start, self.end)
    }
}

/// A transport protocol.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Protocol {
    /// TCP, the default.
    #[default]
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

impl Protocol {
    /// The protocol of that name in whatever case; `None` if there is none.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Tcp, Self::Udp, Self::Sctp].into_iter().find(|it| it.name().eq_ignore_ascii_case(text))
    }

    /// The name in lowercase.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Sctp => "sctp",
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An entry of `ports` in the short syntax.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Port<'t> {
    /// The whole entry.
    pub span: Span,
    /// The address of the host that the port is bound to, without brackets.
    ///
    /// ```text
    /// 127.0.0.1:8080:80/tcp
    /// ^^^^^^^^^
    /// ```
    /// `None` publishes on every interface.
    pub host_ip: Option<Spanned<IpAddr>>,
    /// The address as written, without brackets: the engine compares and prints that.
    pub host_ip_text: Option<Spanned<&'t str>>,
    /// The ports of the host.
    ///
    /// ```text
    /// 127.0.0.1:8080:80/tcp
    ///           ^^^^
    /// ```
    /// `None` lets the engine choose one. A range for a single target is what it chooses from.
    pub published: Option<Spanned<PortRange>>,
    /// The ports of the container.
    ///
    /// ```text
    /// 127.0.0.1:8080:80/tcp
    ///                ^^
    /// ```
    pub target: Spanned<PortRange>,
    /// The protocol.
    ///
    /// ```text
    /// 127.0.0.1:8080:80/tcp
    ///                   ^^^
    /// ```
    /// `None` is TCP.
    pub protocol: Option<Spanned<Protocol>>,
}

/// One port of the container and what it is published on.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct SinglePort<'t> {
    /// The address of the host as written, without brackets; `None` for every interface.
    pub host_ip: Option<&'t str>,
    /// The port of the host, or those that the engine chooses one from; `None` for any.
    pub published: Option<PortRange>,
    /// The port of the container.
    pub target: u16,
    /// The protocol.
    pub protocol: Protocol,
}

impl<'t> Port<'t> {
    /// The entry that `text` is.
    pub fn parse(text: &'t str, map: &SourceMap) -> Result<Self, SyntaxError> {
        let at = Text { text, map };
        let target_start = text.rfind(':').map_or(0, |colon| colon + 1);
        let published_start = text[..target_start.saturating_sub(1)].rfind(':').map_or(0, |colon| colon + 1);
        let published = published_start..target_start.saturating_sub(1);
        let address = 0..published_start.saturating_sub(1);

        let target_end = text[target_start..].find('/').map_or(text.len(), |slash| target_start + slash);
        let target = target_start..target_end;
        if target.is_empty() {
            let message = match text {
                "" => "the port is empty".to_owned(),
                _ => format!("`{text}` has no port of the container"),
            };
            return Err(at.error(0..text.len(), message));
        }
        let protocol = match text.get(target_end + 1..) {
            Some(name) if !name.is_empty() => {
                let range = target_end + 1..text.len();
                let Some(protocol) = Protocol::parse(name) else {
                    return Err(at.error(range, format!("`{name}` is not a protocol")));
                };
                Some(at.at(range, protocol))
            }
            _ => None,
        };
        let (host_ip_text, host_ip) = parse_address(at, address)?.unzip();
        let target = parse_range(at, target)?;
        let published = (!published.is_empty()).then(|| parse_range(at, published)).transpose()?;
        if let Some(published) = published
            && target.value.count() > 1
            && target.value.count() != published.value.count()
        {
            let message =
                format!("the ranges `{}` and `{}` are not of the same length", published.value, target.value);
            return Err(at.error(published_start..target_end, message));
        }
        Ok(Self { span: at.at(0..text.len(), ()).span, host_ip, host_ip_text, published, target, protocol })
    }

    /// The protocol, TCP if none is said.
    pub fn protocol_or_default(&self) -> Protocol {
        self.protocol.map_or(Protocol::Tcp, |protocol| protocol.value)
    }

    /// The ports of the container one by one, in the engine's order: that of their numbers as texts.
    pub fn expand(&self) -> Vec<SinglePort<'t>> {
        let target = self.target.value;
        let mut ports: Vec<_> = (target.start..=target.end)
            .map(|port| SinglePort {
                host_ip: self.host_ip_text.map(|text| text.value),
                published: self.published.map(|published| match target.count() {
                    1 => published.value,
                    _ => PortRange::single(published.value.start + (port - target.start)),
                }),
                target: port,
                protocol: self.protocol_or_default(),
            })
            .collect();
        ports.sort_by_cached_key(|port| format!("{}/", port.target));
        ports
    }
}

type Address<'t> = (Spanned<&'t str>, Spanned<IpAddr>);

fn parse_address<'t>(at: Text<'t, '_>, range: Range<usize>) -> Result<Option<Address<'t>>, SyntaxError> {
    let written = &at.text[range.clone()];
    let range = match written.strip_prefix('[') {
        Some(rest) => match rest.strip_suffix(']') {
            Some(_) => range.start + 1..range.end - 1,
            None => {
                return Err(at.error(range, format!("`{written}` is not an IP address")));
            }
        },
        None => range,
    };
    if range.is_empty() {
        return Ok(None);
    }
    match at.text[range.clone()].parse::<IpAddr>() {
        Ok(address) => Ok(Some((at.part(range.clone()), at.at(range, address)))),
        Err(_) => {
            let message = format!("`{}` is not an IP address", &at.text[range.clone()]);
            Err(at.error(range, message))
        }
    }
}

fn parse_range(at: Text<'_, '_>, range: Range<usize>) -> Result<Spanned<PortRange>, SyntaxError> {
    match PortRange::parse(&at.text[range.clone()]) {
        Some(ports) => Ok(at.at(range, ports)),
        None => {
            let message = format!("`{}` is not a port or a range of ports", &at.text[range.clone()]);
            Err(at.error(range, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::syntax::testing::{covered, map_of, texts};
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Port<'_> {
        Port::parse(text, &map_of(text)).expect("the port is valid")
    }

    #[track_caller]
    fn refused(text: &str, at: &str, message: &str) {
        let error = Port::parse(text, &map_of(text)).expect_err("the port is invalid");
        assert_eq!(error.message, message);
        assert_eq!(covered(text, error.span.expect("the text has a place")), at);
    }

    #[test]
    fn every_part_has_its_place() {
        let text = "127.0.0.1:8000-8001:80-81/UDP";
        let port = parse(text);
        assert_eq!(covered(text, port.host_ip.expect("an address").span), "127.0.0.1");
        assert_eq!(covered(text, port.published.expect("a port").span), "8000-8001");
        assert_eq!(covered(text, port.target.span), "80-81");
        let protocol = port.protocol.expect("a protocol");
        assert_eq!((covered(text, protocol.span), protocol.value), ("UDP", Protocol::Udp));
    }

    #[test]
    fn an_ipv6_address_stands_in_brackets_or_bare() {
        for text in ["[::1]:8080:80", "::1:8080:80"] {
            let port = parse(text);
            let address = port.host_ip.expect("an address");
            assert_eq!(address.value, IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]));
            assert_eq!(covered(text, address.span), "::1");
            assert_eq!(port.published.map(|it| it.value), Some(PortRange::single(8080)));
        }
    }

    #[test]
    fn an_empty_address_or_published_port_is_none() {
        assert_eq!(parse(":80").published, None);
        let port = parse("127.0.0.1::80");
        assert!(port.host_ip.is_some() && port.published.is_none());
        assert_eq!(parse("[]:1:80").host_ip, None);
    }

    #[test]
    fn ranges_of_one_length_expand_pairwise() {
        let pairs: Vec<_> =
            parse("3000-3001:4000-4001").expand().iter().map(|it| (it.published, it.target)).collect();
        let single = |port| Some(PortRange::single(port));
        assert_eq!(pairs, [(single(3000), 4000), (single(3001), 4001)]);
    }

    #[test]
    fn a_range_for_one_target_stays_a_range() {
        let ports = parse("80-90:8080").expand();
        assert_eq!(ports.len(), 1);
        assert_eq!(ports[0].published.map(|it| it.to_string()), Some("80-90".to_owned()));
    }

    #[test]
    fn expanded_ports_are_in_the_order_of_their_texts() {
        let targets: Vec<_> = parse("9-11").expand().iter().map(|it| it.target).collect();
        assert_eq!(targets, [10, 11, 9]);
    }

    #[test]
    fn what_the_engine_refuses_is_pointed_at() {
        refused("8080:", "8080:", "`8080:` has no port of the container");
        refused("", "", "the port is empty");
        refused("80/http", "http", "`http` is not a protocol");
        refused("127.0.1:80:80", "127.0.1", "`127.0.1` is not an IP address");
        refused("[::1:80:80", "[::1", "`[::1` is not an IP address");
        refused("x:80", "x", "`x` is not a port or a range of ports");
        refused("80:65536", "65536", "`65536` is not a port or a range of ports");
        refused("90-80", "90-80", "`90-80` is not a port or a range of ports");
        refused("1-3:4-5", "1-3:4-5", "the ranges `1-3` and `4-5` are not of the same length");
    }

    proptest! {
        #[test]
        fn no_text_panics_and_spans_are_in_it(text in texts()) {
            match Port::parse(&text, &map_of(&text)) {
                Ok(port) => {
                    covered(&text, port.span);
                    covered(&text, port.target.span);
                    port.host_ip.map(|it| covered(&text, it.span));
                    port.published.map(|it| covered(&text, it.span));
                    port.protocol.map(|it| covered(&text, it.span));
                    prop_assert_eq!(port.expand().len(), port.target.value.count());
                }
                Err(error) => {
                    covered(&text, error.span.expect("the text has a place"));
                }
            }
        }
    }
}
