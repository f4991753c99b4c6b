//! Writes the rustdoc examples of `Client` and `ClientBuilder` that are the same for every API.

use proc_macro2::TokenStream;
use quote::quote;

/// The examples, with the path of the generated code in the user's program.
pub(super) struct Snippets<'a> {
    /// `None` if the settings do not say how users name the generated code: then there are none.
    root: Option<&'a str>,
}

impl<'a> Snippets<'a> {
    pub(super) fn new(root: Option<&'a str>) -> Self {
        Self { root }
    }

    pub(super) fn request(&self) -> TokenStream {
        self.doc(
            "\
# async fn example(client: api::Client) -> Result<(), api::Error> {
use api::{Method, serde_json::Value};

let request = client.request(Method::GET, \"/v2/new\").query(&[(\"limit\", 5)]);
let found: Value = request.send_as().await?;
# Ok(())
# }",
        )
    }

    pub(super) fn with_options(&self) -> TokenStream {
        self.doc(
            "\
# fn example(client: api::Client) {
use std::time::Duration;

let hasty = client.with_options(|call| call.retries(0).timeout(Duration::from_secs(2)));
# }",
        )
    }

    pub(super) fn settings(&self) -> TokenStream {
        self.doc(
            "\
# fn example() -> Result<(), api::Error> {
use std::time::Duration;
use api::{Client, RetryPolicy};

let client = Client::builder()
    .timeout(Duration::from_secs(60))
    .retry_policy(RetryPolicy::default().attempts(5))
    .max_concurrent_requests(16)
    .header(\"x-gateway\", \"7\")
    .build()?;
# Ok(())
# }",
        )
    }

    pub(super) fn http(&self) -> TokenStream {
        self.doc(
            "\
# fn example() -> Result<(), Box<dyn std::error::Error>> {
use api::{Client, reqwest::Proxy};

let proxy = Proxy::https(\"http://proxy.example:3128\")?;
let client = Client::builder().http(move |http| http.proxy(proxy.clone())).build()?;
# Ok(())
# }",
        )
    }

    /// Returns the documentation of an example, in which `api::` stands for the generated code.
    fn doc(&self, code: &str) -> TokenStream {
        let Some(root) = self.root else {
            return TokenStream::new();
        };
        let code = code.replace("api::", &format!("{root}::"));
        let doc = format!("\n```no_run\n{code}\n```");
        quote! { #[doc = #doc] }
    }
}
