//! The signatures of progenitor's functions, which give the types of arguments and of responses.
//!
//! progenitor's handling of responses loses the status when the body does not decode, and cannot
//! retry. Its requests parse the URL anew for each call. So the runtime does both.

use std::collections::BTreeMap;

use syn::{FnArg, GenericArgument, ImplItemFn, Pat, PathArguments, ReturnType, Type};

use crate::error::Error;

/// The signature of a function of progenitor's client.
pub(crate) struct Function {
    /// The name and type of each argument except `self`.
    pub(crate) arguments: Vec<(syn::Ident, Type)>,
    /// The type of a successful response.
    pub(crate) success: Type,
}

/// Returns the signatures of the functions of progenitor's client, by name.
pub(super) fn signatures(methods: Vec<ImplItemFn>) -> Result<BTreeMap<String, Function>, Error> {
    methods
        .into_iter()
        .map(|function| Ok((function.sig.ident.to_string(), signature(function)?)))
        .collect()
}

fn signature(item: ImplItemFn) -> Result<Function, Error> {
    let name = item.sig.ident.to_string();
    let success = success(&item.sig.output)
        .ok_or_else(|| Error::Refine(format!("`{name}`: no `ResponseValue`")))?;
    let arguments = item
        .sig
        .inputs
        .into_iter()
        .filter_map(|argument| match argument {
            FnArg::Typed(typed) => match *typed.pat {
                Pat::Ident(pattern) => Some((pattern.ident, *typed.ty)),
                _ => None,
            },
            FnArg::Receiver(_) => None,
        })
        .collect();
    Ok(Function { arguments, success })
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
