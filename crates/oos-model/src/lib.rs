//! Every operation of OOS and its fields, and their form on the wire, in both directions.
