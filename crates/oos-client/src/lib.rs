//! The operation surface: a typed call, signed, sent, repeated where that is safe, and decoded.
