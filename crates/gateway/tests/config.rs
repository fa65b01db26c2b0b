//! What an administrator is told about a configuration that cannot work.

mod support;

use std::path::Path;

use gateway::Config;
use gateway::config::ConfigError;
use rcgen::{KeyPair, PKCS_ED25519};
use secrecy::ExposeSecret;
use support::config_text;

/// The problems of the standard configuration after an edit.
fn problems(edit: impl FnOnce(String) -> String) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let text = edit(config_text("https://mail.example.com/EWS/Exchange.asmx", &folder));
    Config::from_toml(&text).err().map(|ConfigError(problems)| problems).unwrap_or_default()
}

/// Each line: an edit, and words that the one problem must hold.
#[test]
fn each_mistake_is_named_with_its_key_and_what_to_write() {
    let https = "https://mail.example.com/EWS/Exchange.asmx";
    let cases = [
        ("127.0.0.1:0", "localhost", "listen:"),
        ("https://app.blikk.example\",", "https://app.blikk.example/\",", "write \"https://app.blikk.example\""),
        ("https://app.blikk.example\",", "https://App.Blikk.example\",", "write \"https://app.blikk.example\""),
        ("https://app.blikk.example\",", "*\",", "allowed_origins"),
        ("https://app.blikk.example\",", "null\",", "allowed_origins"),
        ("https://app.blikk.example\",", "file:///x\",", "allowed_origins"),
        ("HS256", "none", "token.algorithm"),
        ("HS256", "RS256", "public_key_file"),
        ("a-shared-secret-of-more-than-32-bytes", "short", "at least 32 bytes"),
        ("a-shared-secret-of-more-than-32-bytes", "-----BEGIN PUBLIC KEY----- MCowBQYDK2VwAyEA", "public_key_file"),
        ("issuer = \"https://app.blikk.example\"", "issuer = \"\"", "issuer"),
        ("issuer = ", "isuer = ", "isuer"),
        ("issuer = \"https://app.blikk.example\"", "", "issuer"),
        ("[integration]", "max_lifetime_seconds = 86400\n[integration]", "from 60 to 3600"),
        ("integration.json", "no/such/folder/integration.json", "integration.file"),
        ("BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=", "BQUF", "integration.key"),
        ("answer_timeout_seconds = 1", "answer_timeout_seconds = 0", "limits.answer_timeout_seconds"),
        ("answer_timeout_seconds = 1", "answer_timeout_seconds = -1", "limits.answer_timeout_seconds"),
        ("answer_timeout_seconds = 1", "answer_timeout = 1", "answer_timeout"),
        (https, "http://mail.example.com/EWS/Exchange.asmx", "https://"),
        (https, "http://localhost.evil.example/", "https://"),
        (https, "ftp://127.0.0.1/", "https://"),
        (https, "https://me:secret@mail.example.com/", "must not hold a user"),
        (https, "https://mail.example.com/?x", "query"),
        (https, "mail.example.com", "must be an address"),
        ("id = \"exchange\"", "id = \"elsewhere\"", "twice"),
        ("[limits]", "[server_address]\nallowed_hosts = [\"a b\"]\n[limits]", "server_address.allowed_hosts"),
        ("[limits]", "[server_address]\nallowed_hosts = [\"https://a.example\"]\n[limits]", "allowed_hosts"),
        ("[limits]", "[server_address]\nallow_private = [\"10.0.0.0/8\"]\n[limits]", "server_address.allow_private"),
        ("[limits]", "[server_address]\nallow_private = [\"a.example:x\"]\n[limits]", "allow_private"),
        ("[limits]", "[autodiscover]\ncandidates = [\"http://mail.example.com\"]\n[limits]", "autodiscover.candidates"),
        ("[limits]", "[autodiscover]\ncandidates = [\"https://10.0.0.1\"]\n[limits]", "allow_private makes exceptions"),
        ("[limits]", "[state]\n[limits]", "either `sqlite` or `postgres`"),
        ("[limits]", "[state]\nsqlite = \"a\"\npostgres = \"postgres://b\"\n[limits]", "either `sqlite` or `postgres`"),
        ("[limits]", "[state]\nsqlite = \"no/such/folder/state.db\"\n[limits]", "state.sqlite"),
        ("[limits]", "[state]\npostgres = \"mysql://host/state\"\n[limits]", "state.postgres"),
        ("[limits]", "[state]\nsqlite = \"a\"\nquota_bytes = 1\n[limits]", "state.quota_bytes"),
        ("[limits]", "[state]\nsqlite = \"a\"\ncommit_bytes = 1\n[limits]", "state.commit_bytes"),
        ("[limits]", "[state]\nsqlite = \"a\"\nquota = 1\n[limits]", "quota"),
        ("id = \"exchange\"", "id = \"Exchange Server\"", "small letters"),
        ("[[providers]]", "[[provider]]", "provider"),
        ("[token]", "plugin_dir = \"no such folder\"\n[token]", "plugin_dir"),
        ("[limits]", "[upstream]\nextra_root_certificates = \"no such file\"\n[limits]", "extra_root_certificates"),
        ("[token]", "[token", "line 4"),
    ];
    for (from, to, words) in cases {
        let told = problems(|text| {
            assert!(text.contains(from), "the configuration has no {from}");
            text.replace(from, to)
        });
        assert_eq!(told.len(), 1, "{to}: {told:?}");
        assert!(told[0].contains(words), "{to}: {told:?}");
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let told =
        problems(|text| text.replace("127.0.0.1:0", "x").replace("HS256", "x").replace("https://mail", "http://mail"));
    assert_eq!(told.len(), 3, "{told:?}");
}

#[test]
fn no_message_quotes_a_secret() {
    let secret = "a-shared-secret-of-more-than-32-bytes";
    let edits: [fn(String) -> String; 6] = [
        |text| {
            let url = "mysql://a-shared-secret-of-more-than-32-bytes@host/state";
            text.replace("[limits]", &format!("[state]\npostgres = {url:?}\n[limits]"))
        },
        |text| text.replace("secret = \"", "secret = "),
        |text| text.replace("-32-bytes\"", "-32-bytes"),
        |text| {
            text.replace(
                "secret = \"a-shared-secret-of-more-than-32-bytes\"",
                "secret = [\"a-shared-secret-of-more-than-32-bytes\"]",
            )
        },
        |text| {
            text.replace("[token]", "limits = \"a-shared-secret-of-more-than-32-bytes\"\n[token]")
                .replace("[limits]", "[other]")
        },
        |text| {
            text.replace(
                "answer_timeout_seconds = 1",
                "answer_timeout_seconds = \"a-shared-secret-of-more-than-32-bytes\"",
            )
        },
    ];
    for edit in edits {
        let told = problems(edit).join("\n");
        assert!(!told.is_empty() && !told.contains(secret), "{told}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let config = Config::from_toml(&config_text("https://mail.example.com/", &folder)).expect("good");
    let shown = format!("{config:?}");
    assert!(!shown.contains(secret) && !shown.contains("5, 5, 5"), "{shown}");
}

#[test]
fn the_environment_wins_over_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = config_text("https://mail.example.com/", &folder);
    let variables = [
        ("GATEWAY__LISTEN", "0.0.0.0:9"),
        ("GATEWAY__ALLOWED_ORIGINS", "https://a.example, https://b.example:8443"),
        ("GATEWAY__TOKEN__SECRET", "01234567890123456789012345678901"),
        ("GATEWAY__LIMITS__BURST", "7"),
        ("GATEWAY__PROVIDERS__0__EWS_URL", "https://mail.two.example/EWS/Exchange.asmx"),
        ("GATEWAY__PROVIDERS__2__ID", "third"),
        ("GATEWAY__PROVIDERS__2__NAME", "Third"),
        ("GATEWAY__PROVIDERS__2__EWS_URL", "https://mail.three.example/"),
        ("GATEWAYS__LISTEN", "not ours"),
        ("PATH", "/bin"),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config = Config::parse(&text, variables, Path::new("")).expect("good");
    assert_eq!(config.listen.port(), 9);
    assert_eq!(config.allowed_origins, ["https://a.example", "https://b.example:8443"]);
    assert_eq!(config.limits.burst, 7);
    let gateway::config::TokenKey::Hs256(secret) = &config.token.key else { panic!("HS256") };
    assert_eq!(secret.expose_secret(), "01234567890123456789012345678901");
    assert_eq!(config.provider("exchange").and_then(|it| it.ews_url.as_ref()?.host_str()), Some("mail.two.example"));
    assert_eq!(config.providers.len(), 3);

    for (name, words) in [
        ("GATEWAY__TOKEN__SECERT", "secert"),
        ("GATEWAY__LISTEN__PORT", "GATEWAY__LISTEN__PORT"),
        ("GATEWAY__PROVIDERS__9__ID", "GATEWAY__PROVIDERS__9__ID"),
        ("GATEWAY__", "GATEWAY__"),
    ] {
        let told = Config::parse(&text, [(name.to_owned(), "x".to_owned())], Path::new("")).expect_err(name);
        assert!(told.to_string().contains(words), "{name}: {told}");
    }
}

#[test]
fn paths_are_relative_to_the_configuration_file() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(
        folder.path().join("blikk.pem"),
        KeyPair::generate_for(&PKCS_ED25519).expect("a key").public_key_pem(),
    )
    .expect("written");
    let secret_line = format!("secret = \"{}\"", support::SECRET);
    let text = config_text("https://mail.example.com/", &folder)
        .replace("HS256", "EdDSA")
        .replace(&secret_line, "public_key_file = \"blikk.pem\"")
        .replace(&format!("{:?}", folder.path().join("integration.json")), "\"integration.json\"");
    let path = folder.path().join("gateway.toml");
    std::fs::write(&path, text).expect("written");
    let config = Config::load(&path).expect("good");
    assert_eq!(config.integration.file, folder.path().join("integration.json"));
}

#[test]
fn blikks_private_key_is_not_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("private.pem");
    std::fs::write(&path, KeyPair::generate_for(&PKCS_ED25519).expect("a key").serialize_pem()).expect("written");
    let secret_line = format!("secret = \"{}\"", support::SECRET);
    let told =
        problems(|text| text.replace("HS256", "EdDSA").replace(&secret_line, &format!("public_key_file = {path:?}")));
    assert!(told.len() == 1 && told[0].contains("private key"), "{told:?}");
}
