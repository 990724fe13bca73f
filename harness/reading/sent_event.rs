use serde_json::Value;

use crate::contract::Method;
use crate::evidence::Request;
use crate::sdk::WireRecord;

/// One event that reached the backend.
#[derive(Debug)]
pub struct SentEvent<'a> {
    /// The request that brought it.
    pub request: &'a Request,
    /// Its index among the events of that request.
    pub index: usize,
    /// The method.
    pub method: Method,
    /// The event as it was written; `Null` where it could not be read.
    pub body: Value,
    /// The documented fields under the names that the shop used; absent fields are absent.
    pub args: Value,
    /// The company key; absent is `None`, not `Null`.
    pub company_key: Option<Value>,
    /// The chat's fingerprint, likewise.
    pub user_fingerprint: Option<Value>,
    /// The Product FAQs' fingerprint, likewise.
    pub user_faq_fingerprint: Option<Value>,
}

impl<'a> SentEvent<'a> {
    /// An event of `request`, as it was read.
    pub fn new(request: &'a Request, index: usize, record: WireRecord) -> Self {
        let WireRecord {
            method,
            body,
            args,
            company_key,
            user_fingerprint,
            user_faq_fingerprint,
        } = record;
        Self {
            request,
            index,
            method,
            body,
            args,
            company_key,
            user_fingerprint,
            user_faq_fingerprint,
        }
    }
}
