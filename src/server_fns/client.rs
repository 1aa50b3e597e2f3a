use std::future::Future;

use server_fn::{
    Bytes,
    client::{Client, browser::BrowserClient},
    response::ClientRes,
};

use crate::{client, error::ServerFnError, paths};

/// Whether nobody has asked for it: then the page says so first, and stays.
fn is_background(response: &impl ClientRes<ServerFnError>) -> bool {
    response.location().ends_with(paths::CHECK_SESSION)
}

/// The client of every server function: the browser's own, and it leaves for the logout route on a 401.
///
/// It makes a *document* navigation, because the logout route is no page of the client's router and has to clear
/// cookies. The caller still gets [`ServerFnError::Unauthorized`], and has nothing left to do.
pub struct SessionClient;

impl Client<ServerFnError> for SessionClient {
    type Request = <BrowserClient as Client<ServerFnError>>::Request;
    type Response = <BrowserClient as Client<ServerFnError>>::Response;

    fn send(request: Self::Request) -> impl Future<Output = Result<Self::Response, ServerFnError>> + Send {
        let sent = <BrowserClient as Client<ServerFnError>>::send(request);
        async move {
            let response = sent.await?;
            match ClientRes::<ServerFnError>::status(&response) {
                401 if !is_background(&response) => client::session_ended(),
                // Nothing has read it, so its answer is no error of ours.
                413 => return Err(ServerFnError::TooLarge),
                _ => {}
            }
            Ok(response)
        }
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (
                impl futures::Stream<Item = Result<Bytes, Bytes>> + Send + 'static,
                impl futures::Sink<Bytes> + Send + 'static,
            ),
            ServerFnError,
        >,
    > + Send {
        <BrowserClient as Client<ServerFnError>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<ServerFnError>>::spawn(future);
    }
}
