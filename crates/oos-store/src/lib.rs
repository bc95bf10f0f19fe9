//! Durable records behind one small trait; knows nothing of OOS.
