//! Which addresses an administrator may choose, and which the search for a server may ask.
//!
//! A gateway that calls what somebody typed, or what a foreign server answered, is a way into the network it stands in
//! (server-side request forgery). So an address from outside is https on its own port, carries nothing but host and
//! path, has a host that the configuration allows, and leads to a public IP address. The last is judged twice: here
//! when the host is written as an IP address, and in [`PublicOnly`] when a name is looked up for a connection that is
//! about to be made, so that a name cannot mean one thing when it is checked and another when it is called.
//!
//! `server_address.allow_private` names the exceptions. Addresses that stand in the configuration themselves
//! (`providers.ews_url`) are the operator's, and are not judged here.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// What the configuration says about such addresses.
#[derive(Clone, Debug)]
pub struct AddressRules {
    allowed_hosts: Vec<HostPattern>,
    exceptions: Vec<HostAndPort>,
}

/// `*`, `mail.example.com` or `*.example.com`.
#[derive(Clone, Debug)]
enum HostPattern {
    Any,
    Host(String),
    Below(String),
}

/// `mail.intra.example`, which means port 443, or `127.0.0.1:8421`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct HostAndPort {
    host: String,
    port: u16,
}

/// Why an address is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressFault {
    NotAnAddress,
    NotHttps,
    /// A user or password in the address.
    Credential,
    QueryOrFragment,
    Port,
    NotPublic,
    NotAllowed,
}

impl AddressRules {
    /// From the configuration's two lists.
    pub fn new(allowed_hosts: &[String], allow_private: &[String]) -> Result<AddressRules, String> {
        Ok(AddressRules {
            allowed_hosts: allowed_hosts.iter().map(|text| host_pattern(text)).collect::<Result<_, _>>()?,
            exceptions: allow_private.iter().map(|text| host_and_port(text)).collect::<Result<_, _>>()?,
        })
    }

    /// The address, if it may be called.
    pub fn check(&self, text: &str) -> Result<Url, AddressFault> {
        let url = Url::parse(text.trim()).map_err(|_| AddressFault::NotAnAddress)?;
        self.check_place(&url)?;
        // Neither belongs to the address of EWS, and a query could be an order to whatever stands behind it.
        if url.query().is_some() || url.fragment().is_some() { Err(AddressFault::QueryOrFragment) } else { Ok(url) }
    }

    /// The same for an address with a query.
    pub fn check_place(&self, url: &Url) -> Result<(), AddressFault> {
        let Some(host) = url.host_str().filter(|host| !host.ends_with('.')) else {
            // `file:`, `data:` and their kin have no host.
            return Err(if url.scheme() == "https" { AddressFault::NotAnAddress } else { AddressFault::NotHttps });
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressFault::Credential);
        }
        let port = url.port_or_known_default().unwrap_or_default();
        let is_exception = self.exceptions.iter().any(|it| it.host == host && it.port == port);
        let ip = ip_of(host);
        match url.scheme() {
            "https" => {}
            // The password would cross the network for all to read. Within one machine there is no network.
            "http" if is_exception && ip.is_some_and(|ip| ip.is_loopback()) => {}
            _ => return Err(AddressFault::NotHttps),
        }
        if is_exception {
            return Ok(());
        }
        if port != 443 {
            return Err(AddressFault::Port);
        }
        if ip.is_some_and(|ip| !is_public(ip)) {
            return Err(AddressFault::NotPublic);
        }
        let allowed = self.allowed_hosts.iter().any(|pattern| pattern.covers(host));
        if allowed { Ok(()) } else { Err(AddressFault::NotAllowed) }
    }

    /// The look-up of names that keeps to these rules.
    pub fn resolver(&self) -> PublicOnly {
        PublicOnly { exceptions: self.exceptions.iter().map(|it| it.host.clone()).collect() }
    }
}

impl HostPattern {
    fn covers(&self, host: &str) -> bool {
        match self {
            HostPattern::Any => true,
            HostPattern::Host(name) => name == host,
            HostPattern::Below(domain) => is_below(host, domain),
        }
    }
}

/// `autodiscover.example.com` below `example.com`, and not `evilexample.com`.
pub fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
}

/// The host of an address as a person knows it: without the port where that is https's own.
pub fn place(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// A host name in the one spelling that addresses have (small letters, Punycode); `None` for anything else.
pub fn host_name(text: &str) -> Option<String> {
    let plain = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']'));
    let url = Url::parse(&format!("https://{text}/")).ok().filter(|url| plain && url.port().is_none())?;
    url.host_str().filter(|host| !host.ends_with('.')).map(str::to_owned)
}

fn host_pattern(text: &str) -> Result<HostPattern, String> {
    let wrong = || format!("server_address.allowed_hosts: {text:?} must be \"*\", a host or \"*.\" and a domain");
    match text.strip_prefix("*.") {
        _ if text == "*" => Ok(HostPattern::Any),
        Some(domain) => host_name(domain).map(HostPattern::Below).ok_or_else(wrong),
        None => host_name(text).map(HostPattern::Host).ok_or_else(wrong),
    }
}

fn host_and_port(text: &str) -> Result<HostAndPort, String> {
    let wrong = || format!("server_address.allow_private: {text:?} must be a host, or a host and a port");
    let (host, port) = match text.rsplit_once(':') {
        // An IPv6 address without a port ends in a bracket.
        Some((host, port)) if !text.ends_with(']') => (host, port.parse().map_err(|_| wrong())?),
        _ => (text, 443),
    };
    Ok(HostAndPort { host: host_name(host).ok_or_else(wrong)?, port })
}

fn ip_of(host: &str) -> Option<IpAddr> {
    host.trim_matches(['[', ']']).parse().ok()
}

/// Whether an address belongs to the public internet: IANA's registries of special purposes, read so that what they
/// do not know is not public.
///
/// <https://www.iana.org/assignments/iana-ipv4-special-registry>,
/// <https://www.iana.org/assignments/iana-ipv6-special-registry>
pub fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = match (a, b, c) {
        // This network; loopback; multicast and what is reserved, broadcast included.
        (0 | 127 | 224.., _, _) => true,
        // RFC 1918, RFC 6598 (carriers), RFC 3927 (link-local, where clouds keep their metadata).
        (10, _, _) | (172, 16..=31, _) | (192, 168, _) | (100, 64..=127, _) | (169, 254, _) => true,
        // Protocol assignments, documentation, 6to4 relays, benchmarks.
        (192, 0, 0 | 2) | (192, 88, 99) | (198, 18 | 19, _) | (198, 51, 100) | (203, 0, 113) => true,
        _ => false,
    };
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    match ip.segments() {
        // Protocol assignments with Teredo, documentation, 6to4: the last two carry an IPv4 address of anybody's choice.
        [0x2001, 0..=0x01ff | 0x0db8, ..] | [0x2002, ..] | [0x3fff, 0..=0x0fff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// Looks names up, and keeps of the answer what is public.
#[derive(Clone, Debug)]
pub struct PublicOnly {
    exceptions: Vec<String>,
}

/// Why a look-up gave no address to call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookUpFault {
    NoSuchHost,
    NotPublic,
}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_owned();
        let is_exception = self.exceptions.contains(&name);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| LookUpFault::NoSuchHost)?;
            let found: Vec<SocketAddr> = found.collect();
            let usable: Vec<_> = found.iter().copied().filter(|it| is_exception || is_public(it.ip())).collect();
            match (found.is_empty(), usable.is_empty()) {
                (true, _) => Err(LookUpFault::NoSuchHost.into()),
                (false, true) => Err(LookUpFault::NotPublic.into()),
                (false, false) => Ok(Box::new(usable.into_iter()) as Addrs),
            }
        })
    }
}

impl fmt::Display for LookUpFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LookUpFault::NoSuchHost => "there is no host of that name",
            LookUpFault::NotPublic => {
                "the host has no public address, and server_address.allow_private does not name it"
            }
        })
    }
}

impl std::error::Error for LookUpFault {}

impl fmt::Display for AddressFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AddressFault::NotAnAddress => "must be an address, like https://mail.example.com/EWS/Exchange.asmx",
            AddressFault::NotHttps => "must begin with https://",
            AddressFault::Credential => "must not hold a user or password",
            AddressFault::QueryOrFragment => "must not hold a query or fragment",
            AddressFault::Port => "must not name another port than 443",
            AddressFault::NotPublic => "must not lead into a private network",
            AddressFault::NotAllowed => "must have a host that the gateway's configuration allows",
        })
    }
}

impl std::error::Error for AddressFault {}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(allowed: &[&str], private: &[&str]) -> AddressRules {
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        AddressRules::new(&texts(allowed), &texts(private)).expect("rules")
    }

    #[test]
    fn an_address_from_outside_is_public_https_and_nothing_but_host_and_path() {
        use AddressFault as F;
        let cases = [
            ("https://mail.example.com/EWS/Exchange.asmx", None),
            ("  https://MAIL.example.com:443/EWS/Exchange.asmx ", None),
            ("https://8.8.8.8/EWS", None),
            ("https://[2a00:1450::5]/EWS", None),
            ("http://mail.example.com/EWS", Some(F::NotHttps)),
            ("ftp://mail.example.com/EWS", Some(F::NotHttps)),
            ("file:///etc/passwd", Some(F::NotHttps)),
            ("data:text/xml,x", Some(F::NotHttps)),
            ("javascript:alert(1)", Some(F::NotHttps)),
            ("mail.example.com", Some(F::NotAnAddress)),
            ("", Some(F::NotAnAddress)),
            ("https://", Some(F::NotAnAddress)),
            ("https://mail.example.com./EWS", Some(F::NotAnAddress)),
            ("https://me:secret@mail.example.com/", Some(F::Credential)),
            ("https://mail.example.com@evil.example/", Some(F::Credential)),
            ("https://mail.example.com:8443/", Some(F::Port)),
            ("https://mail.example.com:22/", Some(F::Port)),
            ("https://mail.example.com/?x", Some(F::QueryOrFragment)),
            ("https://mail.example.com/#x", Some(F::QueryOrFragment)),
            ("https://127.0.0.1/", Some(F::NotPublic)),
            // Other spellings of loopback, which the parser knows.
            ("https://2130706433/", Some(F::NotPublic)),
            ("https://0x7f.1/", Some(F::NotPublic)),
            ("https://[::1]/", Some(F::NotPublic)),
            ("https://[::ffff:10.0.0.1]/", Some(F::NotPublic)),
            ("https://169.254.169.254/latest/meta-data/", Some(F::NotPublic)),
        ];
        for (text, expected) in cases {
            assert_eq!(rules(&["*"], &[]).check(text).err(), expected, "{text}");
        }
    }

    #[test]
    fn the_configuration_narrows_the_hosts_and_names_exceptions() {
        use AddressFault as F;
        let rules = rules(&["mail.example.com", "*.example.org"], &["127.0.0.1:8421", "mail.intra.example", "[::1]:9"]);
        let cases = [
            ("https://mail.example.com/", None),
            ("https://x.mail.example.com/", Some(F::NotAllowed)),
            ("https://a.b.example.org/", None),
            ("https://example.org/", Some(F::NotAllowed)),
            ("https://evilexample.org/", Some(F::NotAllowed)),
            ("https://example.org.evil.example/", Some(F::NotAllowed)),
            ("https://mail.intra.example/", None),
            ("http://mail.intra.example/", Some(F::NotHttps)),
            ("http://127.0.0.1:8421/EWS", None),
            ("http://[::1]:9/EWS", None),
            ("http://127.0.0.1:8422/EWS", Some(F::NotHttps)),
            ("https://127.0.0.1:8422/EWS", Some(F::Port)),
            ("http://127.0.0.2:8421/EWS", Some(F::NotHttps)),
        ];
        for (text, expected) in cases {
            assert_eq!(rules.check(text).err(), expected, "{text}");
        }
        assert_eq!(super::tests::rules(&[], &[]).check("https://mail.example.com/"), Err(F::NotAllowed));
    }

    #[test]
    fn public_is_what_is_nothing_else() {
        for public in
            ["1.1.1.1", "100.63.0.1", "172.32.0.1", "193.0.0.1", "2a00:1450::1", "2620:1ec::1", "::ffff:1.1.1.1"]
        {
            assert!(is_public(public.parse().expect(public)), "{public}");
        }
        for special in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "fe80::1",
            "fec0::1",
            "fd00::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
        ] {
            assert!(!is_public(special.parse().expect(special)), "{special}");
        }
    }
}
