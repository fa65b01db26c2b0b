//! Whom to ask for an address, and in what order.

use reqwest::Url;
use serde::Serialize;

use crate::server_address::host_name;
use crate::token::Mailbox;

/// How a question is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Way {
    /// Autodiscover v2: JSON, and no credential.
    Json,
    /// Autodiscover v1, "plain old XML": with the account's credential.
    Pox,
    /// Plain http, only to be told where else to ask ([MS-OXDISCO] section 3.1.5.4).
    HttpRedirect,
}

/// One thing to ask one server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Question {
    pub way: Way,
    pub url: Url,
    /// Whose server it is about.
    pub address: String,
    /// Whether the place was told by an answer in plain http, which anybody on the way could have written.
    pub was_told_in_clear: bool,
}

const JSON_PATH: &str = "/autodiscover/autodiscover.json";
const POX_PATH: &str = "/autodiscover/autodiscover.xml";
/// Where Exchange Online answers for all of its customers.
const EXCHANGE_ONLINE: &str = "https://autodiscover-s.outlook.com";

/// The questions for one address: to the configured servers if there are any, else to those that its domain suggests.
pub fn questions(address: &Mailbox, candidates: &[Url]) -> Vec<Question> {
    let about = |way, url| Question { way, url, address: address.as_str().to_owned(), was_told_in_clear: false };
    if !candidates.is_empty() {
        let each = candidates.iter().flat_map(|base| {
            let json = base.join(JSON_PATH).ok().map(|url| about(Way::Json, for_server(url, address)));
            json.into_iter().chain(base.join(POX_PATH).ok().map(|url| about(Way::Pox, url)))
        });
        return each.collect();
    }
    let Some(domain) = domain_of(address) else { return Vec::new() };
    let url = |text: String| Url::parse(&text).ok();
    let list = [
        url(format!("https://autodiscover.{domain}{JSON_PATH}")).map(|url| about(Way::Json, for_server(url, address))),
        for_exchange_online(address).map(|url| about(Way::Json, url)),
        url(format!("https://{domain}{POX_PATH}")).map(|url| about(Way::Pox, url)),
        url(format!("https://autodiscover.{domain}{POX_PATH}")).map(|url| about(Way::Pox, url)),
        url(format!("http://autodiscover.{domain}{POX_PATH}")).map(|url| about(Way::HttpRedirect, url)),
    ];
    list.into_iter().flatten().collect()
}

/// The domain of an address, if it is one of DNS: not an IP address, nor a single word.
pub fn domain_of(address: &Mailbox) -> Option<String> {
    let domain = address.as_str().rsplit_once('@')?.1;
    let is_a_name = |host: &String| {
        let top = host.rsplit('.').next().unwrap_or_default();
        host.contains('.') && !top.bytes().all(|b| b.is_ascii_digit())
    };
    host_name(domain).filter(is_a_name)
}

/// As Exchange Server 2016 and later take it.
fn for_server(mut url: Url, address: &Mailbox) -> Url {
    url.query_pairs_mut().append_pair("Email", address.as_str()).append_pair("Protocol", "Ews");
    url
}

/// As Exchange Online takes it: `.../v1.0/<address>?Protocol=EWS`.
fn for_exchange_online(address: &Mailbox) -> Option<Url> {
    let mut url = Url::parse(EXCHANGE_ONLINE).ok()?.join(JSON_PATH).ok()?;
    url.path_segments_mut().ok()?.push("v1.0").push(address.as_str());
    url.query_pairs_mut().append_pair("Protocol", "EWS");
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(address: &str, candidates: &[&str]) -> Vec<String> {
        let candidates: Vec<_> = candidates.iter().map(|text| Url::parse(text).expect("an address")).collect();
        let questions = questions(&Mailbox::parse(address).expect("an address"), &candidates);
        questions.into_iter().map(|question| format!("{:?} {}", question.way, question.url)).collect()
    }

    #[test]
    fn a_domain_is_asked_in_microsofts_order() {
        let expected = [
            "Json https://autodiscover.konsult.example/autodiscover/autodiscover.json?Email=a%2Bb%40konsult.example&Protocol=Ews",
            "Json https://autodiscover-s.outlook.com/autodiscover/autodiscover.json/v1.0/a+b@konsult.example?Protocol=EWS",
            "Pox https://konsult.example/autodiscover/autodiscover.xml",
            "Pox https://autodiscover.konsult.example/autodiscover/autodiscover.xml",
            "HttpRedirect http://autodiscover.konsult.example/autodiscover/autodiscover.xml",
        ];
        assert_eq!(
            asked("a+b@Konsult.example", &[]).iter().map(|line| line.replace("Konsult", "konsult")).collect::<Vec<_>>(),
            expected
        );
    }

    #[test]
    fn configured_servers_are_asked_instead() {
        let expected = [
            "Json https://mail.intra.example/autodiscover/autodiscover.json?Email=a%40b.example&Protocol=Ews",
            "Pox https://mail.intra.example/autodiscover/autodiscover.xml",
        ];
        assert_eq!(asked("a@b.example", &["https://mail.intra.example/"]), expected);
    }

    /// Each line: an address, and the one domain that may be made of it.
    #[test]
    fn only_a_domain_of_dns_is_asked() {
        let cases = [
            ("a@konsult.example", Some("konsult.example")),
            ("a@Räksmörgås.example", Some("xn--rksmrgs-5wao1o.example")),
            ("a@localhost", None),
            ("a@127.0.0.1", None),
            ("a@2130706433", None),
            ("a@0x7f.1", None),
            ("a@evil.example/x", None),
            ("a@evil.example?x", None),
            ("a@evil.example#x", None),
            ("a@evil.example.", None),
            ("a@evil%2eexample.com", None),
        ];
        for (address, expected) in cases {
            let domain = Mailbox::parse(address).and_then(|address| domain_of(&address));
            assert_eq!(domain.as_deref(), expected, "{address}");
        }
    }
}
