//! The gateway's state over HTTP, as a native client: what `www/src/internal/remote-store.ts` is in a page.

use blikk_calendar_sync::problem::{Code, Problem, Side};
use blikk_calendar_sync::sync::history::{ChangeRecord, RunRecord};
use blikk_calendar_sync::sync::journal::Operation;
use blikk_calendar_sync::sync::port::StateStore;
use blikk_calendar_sync::sync::state::{Commit, Head, IndexRow, Link, LinkId, Remains, RemoteId};
use blikk_calendar_sync::value::Value as Row;
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// As many ids as one question takes.
const IDS_AT_ONCE: usize = 1000;

#[derive(Clone, Debug)]
pub struct HttpStore {
    /// With `/state`.
    base: String,
    token: String,
    folder: Option<String>,
    client: Client,
}

#[derive(Deserialize)]
struct Page {
    rows: Vec<Value>,
    next: Option<String>,
}

impl HttpStore {
    pub fn new(client: &Client, gateway: &str, token: impl Into<String>, folder: Option<&str>) -> HttpStore {
        let folder = folder.map(str::to_owned);
        HttpStore { base: format!("{gateway}/state"), token: token.into(), folder, client: client.clone() }
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, Problem> {
        let lost = |error: reqwest::Error| Problem::new(Code::GatewayUnreachable).said(error.to_string());
        let response = request.bearer_auth(&self.token).send().await.map_err(lost)?;
        if response.status().is_success() {
            return Ok(response);
        }
        let body = response.bytes().await.map_err(lost)?;
        let error: Value = serde_json::from_slice(&body).unwrap_or_default();
        let code = error["error"]["code"].as_str().and_then(Code::from_name).unwrap_or(Code::GatewayFailed);
        Err(Problem::new(code).said(error["error"]["message"].as_str().unwrap_or_default()))
    }

    fn get(&self, path: &str, query: &[(&str, Option<&str>)]) -> RequestBuilder {
        self.client.get(self.url(path, query))
    }

    fn post(&self, path: &str, body: Vec<u8>) -> RequestBuilder {
        self.client.post(self.url(path, &[])).header("Content-Type", "application/json").body(body)
    }

    fn url(&self, path: &str, query: &[(&str, Option<&str>)]) -> Url {
        let folder = ("folder", self.folder.as_deref());
        let given = query.iter().chain([&folder]).filter_map(|(name, value)| Some((name, (*value)?)));
        Url::parse_with_params(&format!("{}{path}", self.base), given).expect("an address")
    }

    /// All pages of a list, or as many as hold `limit` rows; `page` asks for the one after a place.
    async fn pages<T: DeserializeOwned>(
        &self,
        mut after: Option<String>,
        limit: usize,
        page: impl Fn(Option<&str>, usize) -> RequestBuilder,
    ) -> Result<Vec<T>, Problem> {
        let mut all = Vec::new();
        while all.len() < limit {
            let response = self.send(page(after.as_deref(), limit - all.len())).await?;
            let Page { rows, next } = json_of(response).await?;
            for row in rows {
                all.push(serde_json::from_value(row).map_err(unreadable)?);
            }
            if next.is_none() {
                break;
            }
            after = next;
        }
        Ok(all)
    }

    async fn list<T: DeserializeOwned>(&self, path: &str, query: &[(&str, Option<&str>)]) -> Result<Vec<T>, Problem> {
        let page = |after: Option<&str>, _| self.get(path, &[query, &[("after", after)]].concat());
        self.pages(None, usize::MAX, page).await
    }
}

impl HttpStore {
    /// A commit as it stands, whatever is in it.
    #[allow(dead_code, reason = "other tests use the rest of it")]
    pub async fn commit_as_it_is(&self, commit: &Value) -> Result<(), Problem> {
        self.send(self.post("/commit", commit.to_string().into_bytes())).await.map(drop)
    }
}

impl StateStore for HttpStore {
    async fn head(&self) -> Result<Head, Problem> {
        let response = self.send(self.get("/head", &[])).await?;
        if response.status() == StatusCode::NO_CONTENT {
            return Ok(Head::default());
        }
        Head::from_row(json_of(response).await?)
    }

    async fn remains(&self) -> Result<Remains, Problem> {
        let told: Value = json_of(self.send(self.get("/generation", &[])).await?).await?;
        let generation = told["generation"].as_u64().ok_or_else(|| Problem::new(Code::GatewayFailed))?;
        match self.send(self.get("/head", &[])).await {
            Ok(response) if response.status() == StatusCode::NO_CONTENT => Ok(Remains::of(generation, Row::Null)),
            Ok(response) => Ok(Remains::of(generation, json_of(response).await?)),
            Err(Problem { code: Code::StoreUnreadable, .. }) => Ok(Remains::of(generation, Row::Null)),
            Err(problem) => Err(problem),
        }
    }

    async fn links_of(&self, side: Side, ids: &[RemoteId]) -> Result<Vec<Link>, Problem> {
        let mut all = Vec::new();
        for ids in ids.chunks(IDS_AT_ONCE) {
            let page = |after: Option<&str>, _| {
                let question = json!({ "side": side, "ids": ids, "after": after });
                self.post("/links-of", question.to_string().into_bytes())
            };
            all.extend(self.pages(None, usize::MAX, page).await?);
        }
        Ok(all)
    }

    async fn index(&self) -> Result<Vec<IndexRow>, Problem> {
        self.list("/index", &[]).await
    }

    async fn links_after(&self, after: Option<&LinkId>, limit: u32) -> Result<Vec<Link>, Problem> {
        let page = |after: Option<&str>, limit: usize| {
            self.get("/links", &[("limit", Some(&limit.to_string())), ("after", after)])
        };
        self.pages(after.map(|after| after.as_str().to_owned()), limit as usize, page).await
    }

    async fn operations(&self) -> Result<Vec<Operation>, Problem> {
        self.list("/operations", &[]).await
    }

    async fn runs(&self) -> Result<Vec<RunRecord>, Problem> {
        self.list("/runs", &[]).await
    }

    async fn changes_of(&self, run: u64) -> Result<Vec<ChangeRecord>, Problem> {
        self.list("/changes", &[("run", Some(&run.to_string()))]).await
    }

    async fn commit(&self, commit: Commit) -> Result<(), Problem> {
        let body = serde_json::to_vec(&commit).map_err(unreadable)?;
        self.send(self.post("/commit", body)).await.map(drop)
    }
}

async fn json_of<T: DeserializeOwned>(response: Response) -> Result<T, Problem> {
    let body =
        response.bytes().await.map_err(|error| Problem::new(Code::GatewayUnreachable).said(error.to_string()))?;
    serde_json::from_slice(&body).map_err(|error| Problem::new(Code::GatewayFailed).said(error.to_string()))
}

fn unreadable(error: serde_json::Error) -> Problem {
    Problem::new(Code::StoreUnreadable).said(error.to_string())
}
