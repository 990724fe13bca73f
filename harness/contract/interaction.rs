use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a visitor uses the widget: what the API page calls an interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Interaction {
    /// They open the chat, type a message and send it.
    #[default]
    Chat,
    /// They click a question of the Product FAQs.
    Faq,
}

impl Interaction {
    /// Both.
    pub const VALUES: [Self; 2] = [Self::Chat, Self::Faq];

    /// The widget, for messages.
    pub fn widget(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Faq => "Product FAQs",
        }
    }

    /// The table of a profile that describes how.
    pub fn table(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Faq => "faq",
        }
    }
}
