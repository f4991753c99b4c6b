//! Reads the credit balance through a corporate proxy that decrypts TLS: its address and its root
//! certificate come from the environment.
//!
//! ```text
//! NEO_API_KEY=neo_sk_… PROXY=http://proxy.corporate.example:3128 PROXY_CA=/etc/ssl/corporate.pem \
//!     cargo run --example corporate_proxy
//! ```

use std::env;
use std::error::Error;

use neo_client::Client;
use neo_client::reqwest::{Certificate, Proxy};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let proxy = Proxy::https(env::var("PROXY")?)?;
    let authority = Certificate::from_pem(&std::fs::read(env::var("PROXY_CA")?)?)?;
    let neo = Client::builder()
        .api_key(env::var("NEO_API_KEY")?)
        // The certificate joins those of the platform; `tls_certs_only` would replace them.
        .http(move |http| {
            http.proxy(proxy.clone())
                .tls_certs_merge([authority.clone()])
        })
        .build()?;
    // An error of the proxy names the proxy, and not the API.
    let balance = neo.billing().get_credit_balance().await?;
    println!("{} credits", balance.available_credits);
    Ok(())
}
