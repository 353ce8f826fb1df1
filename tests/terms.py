"""A supplier's terms and a reseller's, small: whose bodies have names of their own."""

from __future__ import annotations

FRONT = """\
---
avenant: 1
agreement: {id}
instrument: agreement
number: 0
title: {title}
language: en
effective: 2026-01-01
label: Invented for a test.
vocabulary: core@1-draft
parties:
  maker: {{name: The maker, role: provider, threshold: 1, keys: []}}
---

# {title}
"""

SUPPLIER = (
    FRONT.format(id="acme", title="Terms for partners")
    + """
## 1. Definitions {#definitions}

```vocabulary
organisation:
  partner: {title: A partner, phrase: a partner, children: {certified: {phrase: a certified partner}}}
  end-user: {title: An end user, phrase: an end user}
```

## 2. Use {#use}

[Partners](#organisation.partner) and [end users](#organisation.end-user) may use the model.

```cedar
permit (principal in Organisation::"partner", action, resource);
permit (principal in Organisation::"end-user", action, resource);
```

## 3. Surveillance {#surveillance}

Nobody uses it for [surveillance](#purpose.surveillance), but [certified partners](#organisation.certified).

```cedar
forbid (principal, action, resource)
when { resource in Purpose::"surveillance" }
unless { principal in Organisation::"certified" };
```
"""
)

RESELLER = (
    FRONT.format(id="shop", title="Terms of the shop")
    + """
## 1. Definitions {#definitions}

```vocabulary
organisation:
  shop: {title: The shop, phrase: the shop, children: {lab: {phrase: its laboratory}}}
  customer: {title: A customer, phrase: a customer}
```

## 2. Use {#use}

The [shop](#organisation.shop) and its [customers](#organisation.customer) may use the model.

```cedar
permit (principal in Organisation::"shop", action, resource);
permit (principal in Organisation::"customer", action, resource);
```

## 3. Watching {#watching}

[Customers](#organisation.customer) do not use it for [surveillance](#purpose.surveillance).

```cedar
forbid (principal in Organisation::"customer", action, resource)
when { resource in Purpose::"surveillance" };
```
"""
)

STATED = RESELLER.replace(
    "## 2. Use", "```facts\ninside: {acme: {shop: certified, customer: end-user}}\n```\n\n## 2. Use"
)
