//! What sends a generated request: `send`, `send_as` and `.await`.

/// Defines how a request is sent, by what its reply is received as.
#[doc(hidden)]
#[macro_export]
macro_rules! __sends {
    ($name:ident -> $success:ty, decoded) => {
        $crate::__sends! { @send $name -> $success, |client, request| {
            $crate::codegen::CallRunner::new(client).execute(Self::OPERATION, request).await
        } }

        impl $name<'_> {
            /// Sends the request and decodes the reply into a type of your own;
            /// `serde_json::Value` takes all of it.
            ///
            /// # Errors
            ///
            /// As `send`, and if the reply does not fit `T`.
            pub async fn send_as<T: $crate::serde::de::DeserializeOwned>(
                self,
            ) -> ::std::result::Result<T, $crate::Error> {
                let client = self.client;
                let request = self.build_request()?;
                let response = $crate::codegen::CallRunner::new(client).execute::<T>(Self::OPERATION, request).await?;
                ::std::result::Result::Ok(response.into_inner())
            }
        }
    };
    ($name:ident -> $success:ty, streamed) => {
        $crate::__sends! { @send $name -> $success, |client, request| {
            $crate::codegen::CallRunner::new(client).execute_stream(Self::OPERATION, request).await
        } }
    };
    ($name:ident -> $success:ty, resumed($resume:expr)) => {
        $crate::__sends! { @send $name -> $success, |client, request| {
            $crate::codegen::CallRunner::new(client).execute_events(Self::OPERATION, request, $resume).await
        } }
    };
    (@send $name:ident -> $success:ty, |$client:ident, $request:ident| $call:block) => {
        impl $name<'_> {
            /// Sends the request; gives the reply with its status and headers.
            ///
            /// # Errors
            ///
            /// If a parameter does not fit, the server cannot be reached or replies with an
            /// error, or its reply does not decode.
            pub async fn send(
                self,
            ) -> ::std::result::Result<$crate::codegen::Response<$success>, $crate::Error> {
                let $client = self.client;
                let $request = self.build_request()?;
                $call
            }
        }

        impl<'c> ::std::future::IntoFuture for $name<'c> {
            type Output = ::std::result::Result<$success, $crate::Error>;
            type IntoFuture = $crate::codegen::BoxFuture<'c, Self::Output>;

            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                ::std::boxed::Box::pin(async move {
                    ::std::result::Result::Ok(self.send().await?.into_inner())
                })
            }
        }

        // Parameters may be secret.
        impl ::std::fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    };
}
