//! Exchange servers of one's own have certificates of one's own CA.

mod support;

use std::net::SocketAddr;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use support::{SOAP_ANSWER, TestGateway};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

type Ca = CertifiedIssuer<'static, KeyPair>;

fn company_ca() -> Ca {
    let mut params = CertificateParams::new(Vec::new()).expect("no names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a certificate")
}

/// An Exchange with a certificate for `name`, signed by the company.
async fn exchange(ca: &Ca, name: &str) -> SocketAddr {
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
    let certificate = params.signed_by(&key, ca).expect("a certificate");
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config = ServerConfig::builder().with_no_client_auth();
    let config = config.with_single_cert(vec![certificate.der().clone()], key).expect("a pair");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _ = stream.read(&mut [0; 8192]).await;
            let length = SOAP_ANSWER.len();
            let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {length}\r\n\r\n");
            let _ = stream.write_all(format!("{head}{SOAP_ANSWER}").as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    address
}

async fn gateway(exchange: SocketAddr, trusted: Option<&Ca>) -> TestGateway {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, trusted.map(|ca| ca.pem()).unwrap_or_default()).expect("written");
    let ews = format!("https://localhost:{}/EWS/Exchange.asmx", exchange.port());
    let trusting = |text: String| match trusted {
        Some(_) => format!("{text}\n[upstream]\nextra_root_certificates = {file:?}\n"),
        None => text,
    };
    let gateway = TestGateway::start(&ews, trusting).await;
    gateway.save_account("exchange").await;
    gateway
}

#[tokio::test]
async fn a_certificate_of_the_companys_ca_is_trusted_when_the_ca_is_configured() {
    let ca = company_ca();
    let page = gateway(exchange(&ca, "localhost").await, Some(&ca)).await.get_folder().await;
    assert_eq!((page.status, page.text().as_str()), (200, SOAP_ANSWER));
}

#[tokio::test]
async fn otherwise_the_password_is_not_sent_and_the_page_is_told_of_the_certificate() {
    let (ca, other) = (company_ca(), company_ca());
    let cases = [
        (exchange(&ca, "localhost").await, None),
        (exchange(&ca, "localhost").await, Some(&other)),
        (exchange(&ca, "mail.elsewhere.example").await, Some(&ca)),
    ];
    for (exchange, trusted) in cases {
        let page = gateway(exchange, trusted).await.get_folder().await;
        assert_eq!(page.refusal(), (502, "exchange.unreachable".into()));
        assert!(page.text().contains("certificate"), "{}", page.text());
    }
}
