//! `#[derive(Record)]`: a constant schema and two conversions, nothing else.
//!
//! Attributes of the struct: `key`, `label`, `owner`, `title`, `flow`, `unique`.
//! Of a field: `key`, `label`, `unit`, `was`, `unique`, `part`, `personal`, `min`, `max`, `help`, `long`.

use proc_macro::TokenStream;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Data, DeriveInput, Expr, Field, Fields, LitStr, Token, parse_macro_input, spanned::Spanned};

/// Derives `record::Record`; see the crate's header and `docs/how-to/add-a-ledger.md`.
#[proc_macro_derive(Record, attributes(record, field))]
pub fn derive_record(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input).unwrap_or_else(|e| e.to_compile_error()).into()
}

fn expand(input: &DeriveInput) -> syn::Result<proc_macro2::TokenStream> {
    let name = &input.ident;
    let head = struct_attributes(input)?;
    let (key, label, owner, title, flow) = (head.key, head.label, head.owner, head.title, head.flow);
    let Data::Struct(data) = &input.data else { return Err(syn::Error::new(name.span(), "a ledger is a struct")) };
    let Fields::Named(fields) = &data.fields else { return Err(syn::Error::new(name.span(), "a ledger has named fields")) };
    let mut specs = Vec::new();
    let mut to = Vec::new();
    let mut from = Vec::new();
    for (i, field) in fields.named.iter().enumerate() {
        let ident = field.ident.as_ref().ok_or_else(|| syn::Error::new(field.span(), "a field has a name"))?;
        specs.push(field_spec(field)?);
        to.push(quote! { ::record::FieldType::to_value(&self.#ident) });
        from.push(quote! { #ident: ::record::read_field(row, #i, Self::SCHEMA)? });
    }
    Ok(quote! {
        impl ::record::Record for #name {
            const SCHEMA: &'static ::record::Schema = &::record::Schema {
                key: #key, label: #label, owner: #owner, title: #title, flow: #flow,
                fields: &[#(#specs),*],
            };
            fn to_row(&self) -> ::std::vec::Vec<::record::Value> { ::std::vec![#(#to),*] }
            fn from_row(row: &[::record::Value]) -> ::std::result::Result<Self, ::record::RowError> {
                Ok(Self { #(#from),* })
            }
        }
    })
}

struct Head {
    key: String,
    label: String,
    owner: String,
    title: String,
    flow: String,
}

fn struct_attributes(input: &DeriveInput) -> syn::Result<Head> {
    let mut head = Head { key: String::new(), label: String::new(), owner: String::new(), title: String::new(), flow: String::new() };
    for attr in input.attrs.iter().filter(|a| a.path().is_ident("record")) {
        attr.parse_nested_meta(|meta| {
            let value: LitStr = meta.value()?.parse()?;
            let slot = match meta.path.get_ident().map(ToString::to_string).as_deref() {
                Some("key") => &mut head.key,
                Some("label") => &mut head.label,
                Some("owner") => &mut head.owner,
                Some("title") => &mut head.title,
                Some("flow") => &mut head.flow,
                _ => return Err(meta.error("unknown attribute; known: key, label, owner, title, flow")),
            };
            *slot = value.value();
            Ok(())
        })?;
    }
    if head.key.is_empty() || head.label.is_empty() || head.owner.is_empty() {
        return Err(syn::Error::new(input.ident.span(), "#[record(key = …, label = …, owner = …)] is needed"));
    }
    Ok(head)
}

fn field_spec(field: &Field) -> syn::Result<proc_macro2::TokenStream> {
    let ty = &field.ty;
    let mut key = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
    let (mut label, mut unit, mut help) = (String::new(), String::new(), String::new());
    let (mut unique, mut part, mut personal, mut long) = (false, false, false, false);
    let mut was: Vec<String> = Vec::new();
    let (mut min, mut max) = (quote!(None), quote!(None));
    for attr in field.attrs.iter().filter(|a| a.path().is_ident("field")) {
        attr.parse_nested_meta(|meta| {
            let name = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            match name.as_str() {
                "unique" => unique = true,
                "part" => part = true,
                "personal" => personal = true,
                "long" => long = true,
                "key" => key = meta.value()?.parse::<LitStr>()?.value(),
                "label" => label = meta.value()?.parse::<LitStr>()?.value(),
                "unit" => unit = meta.value()?.parse::<LitStr>()?.value(),
                "help" => help = meta.value()?.parse::<LitStr>()?.value(),
                "was" => was = texts(meta.value()?)?,
                "min" => {
                    let value: Expr = meta.value()?.parse()?;
                    min = quote!(Some(#value));
                }
                "max" => {
                    let value: Expr = meta.value()?.parse()?;
                    max = quote!(Some(#value));
                }
                _ => {
                    return Err(meta.error("unknown attribute; known: key, label, unit, was, unique, part, personal, min, max, help, long"));
                }
            }
            Ok(())
        })?;
    }
    if label.is_empty() {
        return Err(syn::Error::new(field.span(), "#[field(label = …)] is needed"));
    }
    Ok(quote! {
        ::record::Field {
            key: #key, label: #label, kind: <#ty as ::record::FieldType>::KIND, required: <#ty as ::record::FieldType>::REQUIRED,
            unit: #unit, unique: #unique, part: #part, personal: #personal, long: #long, was: &[#(#was),*],
            options: <#ty as ::record::FieldType>::OPTIONS, min: #min, max: #max, help: #help,
        }
    })
}

fn texts(input: syn::parse::ParseStream) -> syn::Result<Vec<String>> {
    let content;
    syn::bracketed!(content in input);
    let list = Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?;
    Ok(list.iter().map(LitStr::value).collect())
}
