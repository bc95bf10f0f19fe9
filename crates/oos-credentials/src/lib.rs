//! Finds, caches and refreshes the credentials of Alibaba Cloud.
