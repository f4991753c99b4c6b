//! progenitor's functions, reduced to building the request.
//!
//! progenitor's handling of responses loses the status when the body does not decode, and cannot
//! retry. So each function ends with the `reqwest::Request`, and the runtime sends it. The function
//! begins with the URL, which the runtime built. The runtime also adds query, header and cookie
//! parameters, and forms.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit_mut::VisitMut;
use syn::{
    Expr, FnArg, GenericArgument, ImplItemFn, Pat, PathArguments, ReturnType, Stmt, Type,
    parse_quote,
};

use crate::error::Error;
use crate::lower::{Operation, parameter_of};

/// A function that builds a request.
pub(crate) struct Function {
    pub(crate) item: ImplItemFn,
    /// The name and type of each argument except `self`.
    pub(crate) arguments: Vec<(syn::Ident, Type)>,
    /// The type of a successful response.
    pub(crate) success: Type,
}

impl Function {
    /// `true` if [`make_body_optional`] was applied.
    pub(crate) fn body_is_optional(&self) -> bool {
        self.arguments.iter().any(|(name, of)| {
            name == "body"
                && matches!(of, Type::Path(path)
                    if path.path.segments.last().is_some_and(|last| last.ident == "Option"))
        })
    }
}

/// Turns each function of progenitor's client into one that ends with its request.
pub(super) fn cut(methods: Vec<ImplItemFn>) -> Result<BTreeMap<String, Function>, Error> {
    methods
        .into_iter()
        .map(|function| Ok((function.sig.ident.to_string(), cut_one(function)?)))
        .collect()
}

fn cut_one(mut item: ImplItemFn) -> Result<Function, Error> {
    let name = item.sig.ident.to_string();
    let unexpected = |what: &str| Error::Refine(format!("`{name}`: {what}"));

    let success = success(&item.sig.output).ok_or_else(|| unexpected("no `ResponseValue`"))?;
    let (mut statement, variable) = item
        .block
        .stmts
        .pop()
        .and_then(|statement| {
            let variable = builds_request(&statement)?.clone();
            Some((statement, variable))
        })
        .ok_or_else(|| unexpected("no request is built"))?;
    WithoutHeaders.visit_stmt_mut(&mut statement);
    item.block.stmts = vec![statement, Stmt::Expr(parse_quote! { Ok(#variable) }, None)];
    item.sig
        .inputs
        .insert(1, parse_quote! { url: ::std::string::String });
    item.sig.asyncness = None;
    item.sig.output = parse_quote! { -> Result<::reqwest::Request, Error<()>> };
    item.vis = parse_quote! { pub(super) };
    item.attrs.clear();
    item.attrs.push(parse_quote! { #[allow(unused_mut)] });
    // With the same names as the requests that call them.
    item.attrs.push(parse_quote! { #[inline] });

    let arguments = item
        .sig
        .inputs
        .iter()
        .filter_map(|argument| match argument {
            FnArg::Typed(typed) => match &*typed.pat {
                Pat::Ident(pattern) if pattern.ident != "url" => {
                    Some((pattern.ident.clone(), (*typed.ty).clone()))
                }
                _ => None,
            },
            FnArg::Receiver(_) => None,
        })
        .collect();
    Ok(Function {
        item,
        arguments,
        success,
    })
}

/// Returns `T` of `Result<ResponseValue<T>, _>`.
fn success(output: &ReturnType) -> Option<Type> {
    let ReturnType::Type(_, result) = output else {
        return None;
    };
    first_argument(&first_argument(result)?)
}

/// Returns the first generic argument of a path type.
pub(crate) fn first_argument(of: &Type) -> Option<Type> {
    let Type::Path(path) = of else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(first) => Some(first.clone()),
        _ => None,
    }
}

/// Returns the variable of `let mut request = ….build()?;`.
fn builds_request(statement: &Stmt) -> Option<&syn::Ident> {
    let Stmt::Local(local) = statement else {
        return None;
    };
    let Expr::Try(attempt) = &*local.init.as_ref()?.expr else {
        return None;
    };
    match (&*attempt.expr, &local.pat) {
        (Expr::MethodCall(call), Pat::Ident(variable)) if call.method == "build" => {
            Some(&variable.ident)
        }
        _ => None,
    }
}

/// Removes headers from the chain: the version of the document, which no API needs; `Accept`, which
/// the operation provides; and `Content-Type`, which is not sent without a body.
struct WithoutHeaders;

impl VisitMut for WithoutHeaders {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        syn::visit_mut::visit_expr_mut(self, expression);
        if let Expr::MethodCall(call) = expression
            && (call.method == "headers" || call.method == "header")
        {
            *expression = (*call.receiver).clone();
        }
    }
}

/// Removes from a function what the runtime adds to its request.
pub(crate) fn hand_over(function: &mut Function, operation: &Operation) {
    let is_ours = |name: &str| {
        let body = operation.body.as_ref().filter(|_| name == "body");
        body.is_some_and(|body| !body.kind.is_built_by_progenitor())
            || parameter_of(name, &operation.parameters).is_some()
    };
    let ours: BTreeSet<String> = function
        .arguments
        .iter()
        .map(|(name, _)| name.to_string())
        .filter(|name| is_ours(name))
        .collect();
    if ours.is_empty() {
        return;
    }
    let inputs = std::mem::take(&mut function.item.sig.inputs);
    function.item.sig.inputs = inputs
        .into_iter()
        .filter(|argument| !name_of(argument).is_some_and(|name| ours.contains(&name)))
        .collect();
    Without(&ours).visit_block_mut(&mut function.item.block);
}

fn name_of(argument: &FnArg) -> Option<String> {
    match argument {
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(pattern) => Some(pattern.ident.to_string()),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    }
}

/// Removes `.query(…)` and `.json(…)` of these variables from the chain.
struct Without<'a>(&'a BTreeSet<String>);

impl VisitMut for Without<'_> {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        syn::visit_mut::visit_expr_mut(self, expression);
        if let Expr::MethodCall(call) = expression
            && (call.method == "query" || call.method == "json")
            && call
                .args
                .first()
                .and_then(variable)
                .is_some_and(|name| self.0.contains(&name))
        {
            *expression = (*call.receiver).clone();
        }
    }
}

/// Returns the variable in `&variable` and `&QueryParam::new("…", &variable)`.
fn variable(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Reference(reference) => variable(&reference.expr),
        Expr::Call(call) => variable(call.args.last()?),
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        _ => None,
    }
}

/// Makes the body optional: the request is sent without a body if it is `None`.
pub(crate) fn make_body_optional(function: &mut Function) {
    struct Optional;
    impl VisitMut for Optional {
        fn visit_expr_mut(&mut self, expression: &mut Expr) {
            syn::visit_mut::visit_expr_mut(self, expression);
            let Expr::MethodCall(call) = expression else {
                return;
            };
            let (receiver, method, arguments) = (&call.receiver, &call.method, &call.args);
            if method == "json" || method == "body" {
                *expression = parse_quote! {{
                    let request = #receiver;
                    match body { Some(body) => request.#method(#arguments), None => request }
                }};
            }
        }
    }
    for argument in &mut function.item.sig.inputs {
        if let FnArg::Typed(typed) = argument
            && matches!(&*typed.pat, Pat::Ident(pattern) if pattern.ident == "body")
        {
            let inner = typed.ty.clone();
            *typed.ty = parse_quote! { ::std::option::Option<#inner> };
        }
    }
    for (name, argument) in &mut function.arguments {
        if name == "body" {
            *argument = parse_quote! { ::std::option::Option<#argument> };
        }
    }
    Optional.visit_block_mut(&mut function.item.block);
}
