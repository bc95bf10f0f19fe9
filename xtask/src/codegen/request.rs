//! The file of one operation: request, answer and what both can do.

use std::fmt::Write;

use super::emit;
use super::json;
use super::names;
use super::spec::Operation;
use super::types::{Form, Member, Merged, Read, Types};

/// The help pages; the name of the operation in small letters follows.
const HELP: &str = "https://help.aliyun.com/zh/oos/developer-reference/api-oos-2019-06-01-";
/// From this many mandatory arguments on they are named, in a struct of their own.
const NAMED_FROM: usize = 4;

pub(super) fn operation(operation: &Operation, types: &Types) -> Result<String, String> {
    let members = members(operation, types)?;
    let output = format!("{}Output", operation.name);
    let fields = operation
        .response
        .iter()
        .map(|field| types.answer(&output, &Merged::single(field)));
    let answer = fields.collect::<Result<Vec<_>, _>>()?;
    let mut text = request_struct(operation, &members);
    text.push_str(&constructor(operation, &members)?);
    text.push_str(&trait_impl(operation, &members));
    text.push_str(&paged(operation));
    let doc = format!("The answer to [`{}`].", operation.name);
    text.push_str(&emit::answer_struct(&output, &[doc], &answer));
    let _ = writeln!(text, "output!({output});");
    Ok(text)
}

/// The parameters of an operation.
pub(super) fn members(operation: &Operation, types: &Types) -> Result<Vec<Member>, String> {
    let parameters = operation.request.iter();
    parameters
        .map(|field| types.parameter(&operation.name, field))
        .collect()
}

/// The mandatory parameters in the order of the constructor.
pub(super) fn arguments<'m>(
    operation: &Operation,
    members: &'m [Member],
) -> Result<Vec<&'m Member>, String> {
    let mut required: Vec<&Member> = members.iter().filter(|member| member.required).collect();
    if let Some(order) = &operation.constructor {
        let place = |member: &&Member| order.iter().position(|wire| *wire == member.wire);
        if order.len() != required.len() || required.iter().any(|member| place(member).is_none()) {
            return Err(format!(
                "{}: \"constructor\" must list the mandatory parameters",
                operation.name
            ));
        }
        required.sort_by_key(place);
    }
    Ok(required)
}

/// Whether the mandatory parameters are fields of a struct, not arguments.
pub(super) fn are_named(required: &[&Member]) -> bool {
    required.len() >= NAMED_FROM
}

fn request_struct(operation: &Operation, members: &[Member]) -> String {
    let name = &operation.name;
    let hidden = members.iter().any(|member| member.sensitive);
    let debug = if hidden { "" } else { ", Debug" };
    let default = if members.iter().any(|member| member.required) {
        ""
    } else {
        ", Default"
    };
    let mut text = names::doc(0, &operation_doc(operation, members));
    let _ = writeln!(
        text,
        "#[derive(Clone{debug}{default}, PartialEq)]
         #[must_use = \"an operation does nothing until it is sent\"]
         #[non_exhaustive]
         pub struct {name} {{"
    );
    for member in members {
        text.push_str(&names::doc(4, std::slice::from_ref(&member.doc)));
        let _ = writeln!(text, "pub {}: {},", member.rust, declared(member));
    }
    text.push_str("}\n\n");
    if hidden {
        text.push_str(&emit::debug(name, members));
    }
    text
}

/// What it does, what it needs, who may call it, and whether a call may be repeated.
fn operation_doc(operation: &Operation, members: &[Member]) -> Vec<String> {
    let mut paragraphs = vec![operation.summary.clone()];
    paragraphs.extend(operation.notes.clone());
    let required = members.iter().filter(|member| member.required);
    let required: Vec<String> = required.map(|one| format!("`{}`", one.wire)).collect();
    if !required.is_empty() {
        paragraphs.push(format!("Mandatory: {}.", required.join(", ")));
    }
    paragraphs.push(permission_doc(operation));
    paragraphs.push(format!("Repeating: {}.", repeat_doc(operation)));
    if let Some(region) = &operation.region_pinned {
        paragraphs.push(format!("Only the endpoint of `{region}` knows it."));
    }
    if !operation.errors.is_empty() {
        let errors = operation
            .errors
            .iter()
            .map(|error| format!("`{}` ({})", error.code, error.when));
        let errors = errors.collect::<Vec<_>>().join(", ");
        paragraphs.push(format!("Errors seen: {errors}."));
    }
    let group = &operation.group;
    paragraphs.push(format!(
        "Group: [`{group}`](crate::groups::{group}), with an example. [Help]({HELP}{}).",
        operation.name.to_lowercase()
    ));
    paragraphs
}

fn permission_doc(operation: &Operation) -> String {
    let ram = &operation.ram;
    let inferred = if ram.source == "inferred" {
        ", inferred"
    } else {
        ""
    };
    format!(
        "RAM action: `{}`, level {}{inferred}. HTTP methods: {}.",
        ram.action,
        ram.access_level,
        operation.methods.join(", ")
    )
}

fn repeat_doc(operation: &Operation) -> &'static str {
    match (operation.readonly, operation.idempotency_token) {
        (true, _) => "safe, it changes nothing",
        (false, true) => "safe with the same `ClientToken` and parameters",
        (false, false) => "not safe after an unclear end, the work may be done twice",
    }
}

fn declared(member: &Member) -> String {
    if member.required {
        member.ty.clone()
    } else {
        format!("Option<{}>", member.ty)
    }
}

/// The type of an argument and how it becomes the field.
fn argument(member: &Member) -> (String, &'static str) {
    match &*member.ty {
        _ if member.document.is_some() => ("impl Into<JsonText>".to_owned(), ".into().into_text()"),
        "String" | "Timestamp" => (format!("impl Into<{}>", member.ty), ".into()"),
        "Vec<String>" => (
            "impl IntoIterator<Item = impl Into<String>>".to_owned(),
            ".into_iter().map(Into::into).collect()",
        ),
        "BTreeMap<String, String>" => (
            "impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>".to_owned(),
            ".into_iter().map(|(key, value)| (key.into(), value.into())).collect()",
        ),
        "BTreeMap<String, Value>" => (
            "impl IntoIterator<Item = (impl Into<String>, impl Into<Value>)>".to_owned(),
            ".into_iter().map(|(key, value)| (key.into(), value.into())).collect()",
        ),
        ty => (ty.to_owned(), ""),
    }
}

fn constructor(operation: &Operation, members: &[Member]) -> Result<String, String> {
    let name = &operation.name;
    let required = arguments(operation, members)?;
    let named = are_named(&required);
    let mut text = String::new();
    if named {
        let _ = writeln!(
            text,
            "/// The mandatory parameters of [`{name}`].
             #[derive(Clone, Debug, PartialEq)]
             #[expect(clippy::exhaustive_structs, reason = \"a new mandatory parameter must not go unnoticed\")]
             pub struct {name}Required {{"
        );
        for member in &required {
            text.push_str(&names::doc(4, std::slice::from_ref(&member.doc)));
            let _ = writeln!(text, "pub {}: {},", member.rust, member.ty);
        }
        text.push_str("}\n\n");
    }
    let _ = writeln!(
        text,
        "impl {name} {{\n/// The call with its mandatory parameters."
    );
    if named {
        let _ = write!(
            text,
            "pub fn new(required: {name}Required) -> Self {{ Self {{"
        );
    } else {
        let arguments = required
            .iter()
            .map(|member| format!("{}: {}", member.rust, argument(member).0));
        let arguments = arguments.collect::<Vec<_>>().join(", ");
        let _ = write!(text, "pub fn new({arguments}) -> Self {{ ");
        text.push_str(if required.is_empty() {
            "Self::default()"
        } else {
            "Self {"
        });
    }
    if !required.is_empty() {
        for member in members {
            let value = match (member.required, named) {
                (false, _) => "None".to_owned(),
                (true, true) => format!("required.{}", member.rust),
                (true, false) => format!("{}{}", member.rust, argument(member).1),
            };
            let _ = write!(text, "{}: {value},", member.rust);
        }
        text.push('}');
    }
    text.push_str("}\n");
    for member in members.iter().filter(|member| !member.required) {
        text.push_str(&setter(member));
    }
    text.push_str(&json::readers(members));
    text.push_str("}\n\n");
    Ok(text)
}

fn setter(member: &Member) -> String {
    let Member { rust, .. } = member;
    let (argument, convert) = argument(member);
    let with = rust.trim_end_matches('_');
    let forms = if member.document.is_some() {
        " A value, or the JSON text itself."
    } else {
        ""
    };
    format!(
        "\n/// Sets [`Self::{rust}`].{forms}
         pub fn with_{with}(mut self, {with}: {argument}) -> Self {{
         self.{rust} = Some({with}{convert});\nself\n}}\n"
    )
    .replace("(mut self, type:", "(mut self, type_:")
    .replace("Some(type)", "Some(type_)")
    .replace("Some(type.into())", "Some(type_.into())")
}

fn trait_impl(operation: &Operation, members: &[Member]) -> String {
    let name = &operation.name;
    let mut text =
        format!("impl Operation for {name} {{\nconst NAME: &'static str = \"{name}\";\n");
    if operation.sdk_method != "POST" {
        let _ = writeln!(
            text,
            "const METHOD: &'static str = \"{}\";",
            operation.sdk_method
        );
    }
    let idempotency = match (operation.readonly, operation.idempotency_token) {
        (true, _) => "Read",
        (false, true) => "ByToken",
        (false, false) => "No",
    };
    let _ = writeln!(
        text,
        "const IDEMPOTENCY: Idempotency = Idempotency::{idempotency};"
    );
    if let Some(region) = &operation.region_pinned {
        let _ = writeln!(
            text,
            "const PINNED_REGION: Option<&'static str> = Some(\"{region}\");"
        );
    }
    let _ = writeln!(text, "const PARAMETERS: &'static [ParameterInfo] = &[");
    text.push_str(&infos(members));
    let _ = writeln!(text, "];\n\ntype Output = {name}Output;\n");
    text.push_str("fn to_params<'a>(&'a self, params: &mut Params<'a>) {\n");
    text.extend(members.iter().map(|member| write_member(member, None)));
    text.push_str(
        "}\n\nfn from_params(params: &Params<'_>) -> Result<Self, ParamError> {\nOk(Self {\n",
    );
    text.extend(members.iter().map(read_member));
    text.push_str("})\n}\n");
    for (wire, shared) in [("RegionId", "region_id"), ("ClientToken", "client_token")] {
        if members.iter().any(|member| member.wire == wire) {
            let _ = writeln!(text, "\n{shared}!();");
        }
    }
    text + "}\n\n"
}

pub(super) fn infos(members: &[Member]) -> String {
    let mut text = String::new();
    for Member {
        wire,
        kind,
        required,
        sensitive,
        read,
        ..
    } in members
    {
        let need = if *required && *read != Read::AbsentIsEmpty {
            "required"
        } else {
            "optional"
        };
        let hide = if *sensitive { ".sensitive()" } else { "" };
        let _ = writeln!(
            text,
            "ParameterInfo::{need}(\"{wire}\", ParameterKind::{kind}){hide},"
        );
    }
    text
}

/// With a prefix the member belongs to an object under numbered names.
pub(super) fn write_member(member: &Member, prefix: Option<&str>) -> String {
    let Member {
        wire,
        rust,
        required,
        form,
        ..
    } = member;
    let put = match form {
        Form::Text => "put",
        Form::Json | Form::TextMap => "put_json",
        Form::Texts => "put_texts",
        Form::Flat => "put_flat",
    };
    let value = if *required {
        format!("Some(&self.{rust})")
    } else {
        format!("self.{rust}.as_ref()")
    };
    match (prefix, form) {
        (None, _) => format!("params.{put}(\"{wire}\", {value});\n"),
        (Some(prefix), Form::Text) => {
            format!("params.put_member({prefix}, \"{wire}\", {value});\n")
        }
        (Some(prefix), _) => format!("params.{put}(&format!(\"{{{prefix}}}.{wire}\"), {value});\n"),
    }
}

pub(super) fn read_member(member: &Member) -> String {
    let Member { wire, rust, .. } = member;
    let suffix = match member.form {
        Form::Text => "",
        Form::Json => "_json",
        Form::TextMap => "_text_map",
        Form::Texts => "_texts",
        Form::Flat => "_flat",
    };
    match (member.required, member.read) {
        (false, _) => format!("{rust}: params.read{suffix}(\"{wire}\")?,\n"),
        (true, Read::AbsentIsEmpty) => {
            format!("{rust}: params.read{suffix}(\"{wire}\")?.unwrap_or_default(),\n")
        }
        (true, _) => format!("{rust}: params.require{suffix}(\"{wire}\")?,\n"),
    }
}

fn paged(operation: &Operation) -> String {
    let Some(paging) = &operation.pagination else {
        return String::new();
    };
    let Some(_) = paging
        .output_token
        .as_ref()
        .filter(|_| paging.style == "token")
    else {
        return String::new();
    };
    let name = &operation.name;
    let (list, inner) = paging
        .items
        .split_once('.')
        .map_or((&*paging.items, None), |(a, b)| (a, Some(b)));
    let field = operation
        .response
        .iter()
        .find(|field| field.name == list)
        .map(|field| &field.of);
    let Some(mut of) = field else {
        return String::new();
    };
    if let Some(found) = of.fields.iter().find(|field| Some(&*field.name) == inner) {
        of = &found.of;
    }
    let item = match of.object() {
        Some(object) => object.rust_name.clone().unwrap_or_default(),
        None if of.text() == "array<string>" => "String".to_owned(),
        None => "BTreeMap<String, Value>".to_owned(),
    };
    let list = names::snake(list);
    let inner = inner.map_or_else(String::new, |inner| {
        format!(".and_then(|list| list.{})", names::snake(inner))
    });
    format!(
        "impl Paged for {name} {{
         type Item = {item};

         fn set_next_token(&mut self, token: Option<String>) {{ self.next_token = token; }}

         fn next_token(output: &Self::Output) -> Option<&str> {{
         output.next_token.as_deref().filter(|token| !token.is_empty()) }}

         fn into_items(output: Self::Output) -> Vec<Self::Item> {{
         output.{list}{inner}.unwrap_or_default() }}
         }}\n\n"
    )
}
