//! The messages of `WebKit`'s remote inspector on the wire: a length, a byte of flags, a name that
//! ends with a zero byte, and parameters as `GLib` writes its variants.

use tokio::io::{AsyncReadExt, BufReader};
use tokio::net::tcp::OwnedReadHalf;
use tokio::sync::mpsc;

/// The process that shows the windows: the first that connects to the inspector.
const BROWSER: u64 = 1;

/// Of a message whose numbers begin with their lowest byte.
const LITTLE_ENDIAN: u8 = 1;

/// What the browser sends of one target.
#[derive(Debug)]
pub struct FromTarget {
    pub target: u64,
    pub text: String,
}

/// Reads messages until the connection ends. Each has its length, a byte of flags, a name that ends
/// with a zero byte, and its parameters.
pub async fn receive(read: OwnedReadHalf, received: mpsc::UnboundedSender<FromTarget>) {
    let mut read = BufReader::new(read);
    while let Ok(length) = read.read_u32().await {
        let mut body = vec![0; length as usize];
        let flags = read.read_u8().await;
        if flags.is_err() || read.read_exact(&mut body).await.is_err() {
            return;
        }
        if let Some(message) = from_target(&body)
            && received.send(message).is_err()
        {
            return;
        }
    }
}

/// `SendMessageToFrontend`: the numbers of the process and of the target, and a text.
fn from_target(body: &[u8]) -> Option<FromTarget> {
    let parameters = body.strip_prefix(b"SendMessageToFrontend\0")?;
    let (numbers, text) = parameters.split_at_checked(2 * size_of::<u64>())?;
    let (_, target) = numbers.split_at(size_of::<u64>());
    Some(FromTarget {
        target: u64::from_le_bytes(target.try_into().ok()?),
        text: String::from_utf8_lossy(text.strip_suffix(b"\0")?).into_owned(),
    })
}

/// A message to the browser about one target.
pub fn to_target(name: &str, target: u64, text: Option<&str>) -> Vec<u8> {
    let mut body = [name.as_bytes(), b"\0"].concat();
    body.extend(BROWSER.to_le_bytes());
    body.extend(target.to_le_bytes());
    if let Some(text) = text {
        body.extend(text.as_bytes());
        body.push(0);
    }
    framed(&body)
}

pub fn framed(body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    let mut message = length.to_be_bytes().to_vec();
    message.push(LITTLE_ENDIAN);
    message.extend(body);
    message
}
