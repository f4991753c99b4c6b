//! The graph of imports between the files of a crate.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Item, UseTree, Visibility};

/// The path of a module in its crate, such as `["diff", "engine"]`. The root is empty.
pub type ModulePath = Vec<String>;

/// The imports between the files of one crate, without test modules.
pub struct ModuleGraph {
    imports: BTreeMap<ModulePath, BTreeSet<ModulePath>>,
}

/// One file.
#[derive(Default)]
struct Module {
    /// The names of the items that the file defines.
    items: BTreeSet<String>,
    uses: Vec<Use>,
    /// Paths in code that start with `crate`, `self` or `super`.
    paths: Vec<Vec<String>>,
}

/// One leaf of a `use` tree. The name of a glob is `*`.
struct Use {
    path: Vec<String>,
    name: String,
    is_public: bool,
}

impl ModuleGraph {
    /// Reads all files below `src`.
    pub fn read(src: &Path) -> Self {
        let mut modules = BTreeMap::new();
        read_folder(src, &mut Vec::new(), &mut modules);
        let mut imports = BTreeMap::new();
        for (path, module) in &modules {
            if !path.is_empty() {
                imports.insert(path.clone(), imported(&modules, path, module));
            }
        }
        Self { imports }
    }

    /// Returns each import as the importing and the imported module.
    pub fn imports(&self) -> impl Iterator<Item = (&ModulePath, &ModulePath)> {
        let pairs = self.imports.iter();
        pairs.flat_map(|(from, targets)| targets.iter().map(move |to| (from, to)))
    }

    /// Returns the modules that import themselves through others.
    pub fn in_cycles(&self) -> Vec<String> {
        let starts = self.imports.keys();
        starts
            .filter(|start| self.reaches(start, start))
            .map(|path| path.join("::"))
            .collect()
    }

    fn reaches(&self, from: &ModulePath, to: &ModulePath) -> bool {
        let (mut open, mut seen) = (vec![from], BTreeSet::new());
        while let Some(at) = open.pop() {
            for target in self.imports.get(at).into_iter().flatten() {
                if target == to {
                    return true;
                }
                if seen.insert(target) {
                    open.push(target);
                }
            }
        }
        false
    }
}

fn read_folder(folder: &Path, path: &mut ModulePath, modules: &mut BTreeMap<ModulePath, Module>) {
    for entry in fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        if name == "tests" {
            continue;
        }
        if file.is_dir() {
            path.push(name);
            read_folder(&file, path, modules);
            path.pop();
        } else if file.extension().is_some_and(|it| it == "rs") {
            let mut path = path.clone();
            if !matches!(name.as_str(), "mod" | "lib" | "main") {
                path.push(name);
            }
            let text = fs::read_to_string(&file).unwrap();
            modules.insert(path, Module::parse(&text));
        }
    }
}

impl Module {
    fn parse(text: &str) -> Self {
        let mut module = Self::default();
        for item in syn::parse_file(text).unwrap().items {
            module.add(item);
        }
        module
    }

    fn add(&mut self, item: Item) {
        let (name, attributes) = match &item {
            Item::Use(it) => (None, &it.attrs),
            Item::Mod(it) => (None, &it.attrs),
            Item::Struct(it) => (Some(&it.ident), &it.attrs),
            Item::Enum(it) => (Some(&it.ident), &it.attrs),
            Item::Fn(it) => (Some(&it.sig.ident), &it.attrs),
            Item::Trait(it) => (Some(&it.ident), &it.attrs),
            Item::Type(it) => (Some(&it.ident), &it.attrs),
            Item::Const(it) => (Some(&it.ident), &it.attrs),
            Item::Static(it) => (Some(&it.ident), &it.attrs),
            Item::Impl(it) => (None, &it.attrs),
            Item::Macro(it) => (it.ident.as_ref(), &it.attrs),
            _ => return,
        };
        if attributes.iter().any(is_test_only) {
            return;
        }
        self.items.extend(name.map(ToString::to_string));
        match item {
            Item::Use(item) => {
                let is_public = !matches!(item.vis, Visibility::Inherited);
                self.add_use(item.tree, Vec::new(), is_public);
            }
            other => collect_paths(other.into_token_stream(), &mut self.paths),
        }
    }

    fn add_use(&mut self, tree: UseTree, mut path: Vec<String>, is_public: bool) {
        let name = match tree {
            UseTree::Path(it) => {
                path.push(it.ident.to_string());
                return self.add_use(*it.tree, path, is_public);
            }
            UseTree::Group(group) => {
                for tree in group.items {
                    self.add_use(tree, path.clone(), is_public);
                }
                return;
            }
            UseTree::Name(it) => {
                let name = it.ident.to_string();
                if name != "self" {
                    path.push(name.clone());
                }
                name
            }
            UseTree::Rename(it) => {
                path.push(it.ident.to_string());
                it.rename.to_string()
            }
            UseTree::Glob(_) => "*".to_owned(),
        };
        self.uses.push(Use {
            path,
            name,
            is_public,
        });
    }
}

fn is_test_only(attribute: &Attribute) -> bool {
    let text = attribute.to_token_stream().to_string();
    text.starts_with("# [cfg (test") || text.starts_with("# [cfg (all (test")
}

/// Collects the paths that start with `crate`, `self` or `super`, in macro calls too.
fn collect_paths(tokens: TokenStream, paths: &mut Vec<Vec<String>>) {
    let mut path: Vec<String> = Vec::new();
    let mut colons = 0;
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                let ident = ident.to_string();
                if colons == 2 && !path.is_empty() {
                    path.push(ident);
                } else {
                    paths.extend((path.len() > 1).then(|| path.clone()));
                    path.clear();
                    if matches!(ident.as_str(), "crate" | "self" | "super") {
                        path.push(ident);
                    }
                }
                colons = 0;
            }
            TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
            TokenTree::Group(group) => {
                collect_paths(group.stream(), paths);
                paths.extend((path.len() > 1).then(|| path.clone()));
                path.clear();
                colons = 0;
            }
            _ => {
                paths.extend((path.len() > 1).then(|| path.clone()));
                path.clear();
                colons = 0;
            }
        }
    }
    paths.extend((path.len() > 1).then_some(path));
}

fn imported(
    modules: &BTreeMap<ModulePath, Module>,
    path: &ModulePath,
    module: &Module,
) -> BTreeSet<ModulePath> {
    let mut targets = BTreeSet::new();
    for one in &module.uses {
        let target = absolute(modules, path, &one.path);
        let target = target.and_then(|target| defining(modules, &target, 0));
        // A module that re-exports its own children does not depend on them.
        let is_facade = one.is_public && target.as_ref().is_some_and(|it| it.starts_with(path));
        targets.extend(target.filter(|_| !is_facade));
    }
    for one in &module.paths {
        let target = absolute(modules, path, one);
        targets.extend(target.and_then(|target| defining(modules, &target, 0)));
    }
    targets.retain(|target| !target.is_empty() && target != path);
    targets
}

/// Returns a path from the root of the crate; `None` if the path belongs to another crate.
fn absolute(
    modules: &BTreeMap<ModulePath, Module>,
    module: &ModulePath,
    path: &[String],
) -> Option<Vec<String>> {
    let first = path.first()?;
    let supers = path.iter().take_while(|it| *it == "super").count();
    let (mut base, rest) = match first.as_str() {
        "crate" => (Vec::new(), path.get(1..)?),
        "self" => (module.clone(), path.get(1..)?),
        "super" => {
            let kept = module.len().checked_sub(supers)?;
            (module.get(..kept)?.to_vec(), path.get(supers..)?)
        }
        child => {
            let mut of_child = module.clone();
            of_child.push(child.to_owned());
            modules.contains_key(&of_child).then_some(())?;
            (module.clone(), path)
        }
    };
    base.extend(rest.iter().cloned());
    Some(base)
}

/// Returns the module that defines the item of a path, behind re-exports.
fn defining(
    modules: &BTreeMap<ModulePath, Module>,
    path: &[String],
    depth: usize,
) -> Option<ModulePath> {
    if depth > 8 {
        return None;
    }
    let length = (0..=path.len())
        .rev()
        .find(|end| modules.contains_key(&path[..*end]))?;
    let (at, rest) = path.split_at(length);
    let (Some(name), Some(module)) = (rest.first(), modules.get(at)) else {
        return Some(at.to_vec());
    };
    let at = at.to_vec();
    for one in module.uses.iter().filter(|it| it.is_public) {
        let Some(mut target) = absolute(modules, &at, &one.path) else {
            continue;
        };
        if one.name == *name {
            target.extend(rest[1..].iter().cloned());
            return defining(modules, &target, depth + 1);
        }
        let source = (one.name == "*").then(|| modules.get(&target)).flatten();
        if source.is_some_and(|it| it.items.contains(name)) {
            return Some(target);
        }
    }
    Some(at)
}
