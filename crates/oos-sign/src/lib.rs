//! Signs and verifies requests of Alibaba Cloud: ACS3-HMAC-SHA256 and HMAC-SHA1.
