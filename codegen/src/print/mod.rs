//! Prints generated code item by item, so that little of it is held as a syntax tree at a time.

use syn::{Item, ItemMod, Visibility};

use crate::surface;

/// Generated code.
#[derive(Debug, Default)]
pub(crate) struct Code {
    /// Formatted.
    pub(crate) source: String,
    /// One line for each public item.
    pub(crate) surface: Vec<String>,
}

/// What was printed so far, and the modules that it is in.
#[derive(Default)]
pub(crate) struct Printer {
    code: Code,
    modules: Vec<Module>,
}

struct Module {
    ident: syn::Ident,
    is_public: bool,
}

impl Printer {
    /// Begins a module; the items that follow are in it, up to [`leave`](Self::leave).
    pub(crate) fn enter(&mut self, mut module: ItemMod) {
        let content = module.content.replace(Default::default());
        let entered = Module {
            ident: module.ident.clone(),
            is_public: matches!(module.vis, Visibility::Public(_)),
        };
        let text = self.unparse(Item::Mod(module));
        self.code
            .source
            .push_str(text.trim_end().trim_end_matches('}'));
        self.code.source.push('\n');
        self.modules.push(entered);
        for item in content.into_iter().flat_map(|(_, items)| items) {
            self.item(item);
        }
    }

    pub(crate) fn leave(&mut self) {
        if self.modules.pop().is_some() {
            self.code
                .source
                .push_str(&"    ".repeat(self.modules.len()));
            self.code.source.push_str("}\n");
        }
    }

    pub(crate) fn item(&mut self, item: Item) {
        let item = match item {
            Item::Mod(module) if module.content.is_some() => {
                self.enter(module);
                return self.leave();
            }
            item => item,
        };
        if self.modules.iter().all(|module| module.is_public) {
            let path: String = self
                .modules
                .iter()
                .map(|module| format!("{}::", module.ident))
                .collect();
            surface::item(&path, &item, &mut self.code.surface);
        }
        let text = self.unparse(item);
        self.code.source.push_str(&text);
    }

    /// The text of an item as it stands in the modules, which its layout depends on.
    fn unparse(&self, item: Item) -> String {
        let mut items = vec![item];
        for module in &self.modules {
            items = vec![Item::Mod(ItemMod {
                attrs: Vec::new(),
                vis: Visibility::Inherited,
                unsafety: None,
                mod_token: Default::default(),
                ident: module.ident.clone(),
                content: Some((Default::default(), items)),
                semi: None,
            })];
        }
        let mut text = prettyplease::unparse(&syn::File {
            shebang: None,
            attrs: Vec::new(),
            items,
        });
        // A line for each module that is opened, and one that closes it.
        for _ in &self.modules {
            let before_last = text.trim_end().rfind('\n').map_or(0, |end| end + 1);
            text.truncate(before_last);
        }
        for _ in &self.modules {
            let first = text.find('\n').map_or(0, |end| end + 1);
            text.drain(..first);
        }
        text
    }

    /// Adds what another printer printed in the same modules.
    pub(crate) fn append(&mut self, code: Code) {
        self.code.source.push_str(&code.source);
        self.code.surface.extend(code.surface);
    }

    /// What was printed since the last time.
    pub(crate) fn take(&mut self) -> Code {
        std::mem::take(&mut self.code)
    }

    /// The lines of the surface are sorted.
    pub(crate) fn finish(mut self) -> Code {
        self.code.surface.sort();
        self.code
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn item_by_item_is_as_the_whole() {
        let file: syn::File = parse_quote! {
            pub mod types {
                pub struct Cat { pub name: ::std::option::Option<::std::string::String>, age: u8 }
                pub struct Tail(pub f64);
                crate::runtime::open_enum! { pub enum Mood { Good = "good" } }
                impl Cat { pub fn purr(&self) {} fn hidden() {} }
                pub mod builder {
                    crate::runtime::type_builder! {
                        #[derive(Clone)]
                        pub struct Cat {
                            /// What it is called.
                            name(impl TryInto<::std::string::String, Error: Display>) = value =>
                                name: ::std::string::String, "name", optional;
                        }
                    }
                }
                struct Hidden;
            }
            mod requests { pub struct Hidden; }
            impl crate::runtime::Client { pub fn cats(&self) -> api::cats::Cats<'_> { loop {} } }
            crate::runtime::sends! { GetCat -> types::Cat, decoded }
        };
        let whole = prettyplease::unparse(&file);
        let mut printer = Printer::default();
        for item in file.items {
            printer.item(item);
        }
        let code = printer.finish();
        assert_eq!(code.source, whole);
        assert_eq!(
            code.surface,
            [
                "async fn GetCat::send(self) -> Result<Response<types::Cat>, Error>",
                "async fn GetCat::send_as<T: DeserializeOwned>(self) -> Result<T, Error>",
                "await GetCat -> Result<types::Cat, Error>",
                "enum types::Mood",
                "field types::Cat.name: Option<String>",
                "field types::Tail.0: f64",
                "fn Client::cats(&self) -> api::cats::Cats",
                "fn types::Cat::builder() -> builder::Cat",
                "fn types::Cat::purr(&self)",
                "fn types::builder::Cat::build(self) -> Result<super::Cat, ConversionError>",
                "fn types::builder::Cat::name(mut self, value: impl TryInto<String, Error: Display>) -> Self",
                "struct types::Cat",
                "struct types::Tail",
                "struct types::builder::Cat",
                "variant types::Mood::Good = \"good\"",
            ]
        );
    }
}
