use super::*;
use proptest::prelude::*;

/// What hyper and the service are given for these bytes in these pieces.
fn framed<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (String, Vec<Arrival>, Phase) {
    let arrivals = Arrivals::default();
    let mut framer = Framer::new(arrivals.clone());
    let mut out = BytesMut::new();
    pieces
        .into_iter()
        .for_each(|piece| framer.feed(piece, &mut out));
    let taken = std::iter::from_fn(|| arrivals.pop()).collect();
    let seen = String::from_utf8_lossy(&out).into_owned();
    (seen, taken, framer.phase())
}

fn byte_by_byte(bytes: &[u8]) -> (String, Vec<Arrival>, Phase) {
    framed(bytes.chunks(1))
}

fn request(target: &str) -> Arrival {
    Arrival::Request(target.to_owned())
}

#[test]
fn targets_are_taken_out_and_bodies_pass() {
    let sent = "GET /?a=1 HTTP/1.1\r\nHost: h\r\n\r\n\
                POST /?b=2 HTTP/1.1\r\nhost: h\r\ncontent-length: 5\r\n\r\nGET /\
                \r\nPUT /c HTTP/1.0\r\n\r\n\
                POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n\
                3;ext=\"1\"\r\nabc\r\n0A \r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n\
                GET http://h/last?x HTTP/1.1\r\nHost: H\r\n\r\nGE";
    let (seen, arrivals, phase) = framed([sent.as_bytes()]);
    let expected = "GET / HTTP/1.1\r\nHost: h\r\n\r\n\
                    POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 5\r\n\r\nGET /\
                    PUT / HTTP/1.0\r\n\r\n\
                    POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n\
                    3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\n\
                    GET / HTTP/1.1\r\nHost: H\r\n\r\n";
    assert_eq!(seen, expected);
    let targets = ["/?a=1", "/?b=2", "/c", "/", "/last?x"];
    assert_eq!(arrivals, targets.map(request));
    assert_eq!(phase, Phase::Head(5));
    assert_eq!(byte_by_byte(sent.as_bytes()), (seen, arrivals, phase));
}

#[test]
fn a_long_target_passes_up_to_its_limit() {
    let check = |length: usize, expected: &Arrival| {
        let target = format!("/{}", "%E8".repeat(length));
        let target = &target[..length];
        let sent = format!("GET {target} HTTP/1.1\r\nhost: h\r\n\r\n");
        let (seen, arrivals, _) = framed(sent.as_bytes().chunks(999));
        let expected = match expected {
            Arrival::Request(_) => {
                assert_eq!(seen, "GET / HTTP/1.1\r\nhost: h\r\n\r\n");
                request(target)
            }
            Arrival::Refused(problem) => {
                assert_eq!(seen.as_bytes(), REFUSED);
                Arrival::Refused(*problem)
            }
        };
        assert_eq!(arrivals, [expected], "{length}");
    };
    check(65_535, &request(""));
    check(98_000, &request(""));
    check(256 * 1024, &request(""));
    check(256 * 1024 + 1, &Arrival::Refused(Problem::TargetTooLong));
    check(300 * 1024, &Arrival::Refused(Problem::TargetTooLong));
}

#[test]
fn what_could_be_read_in_two_ways_is_refused() {
    let check = |sent: &str, part: &str| {
        let (seen, arrivals, phase) = byte_by_byte(sent.as_bytes());
        assert_eq!(seen.as_bytes(), REFUSED, "{sent:?}");
        let [Arrival::Refused(Problem::Malformed(what))] = arrivals[..] else {
            panic!("{sent:?}: {arrivals:?}")
        };
        assert!(what.contains(part), "{sent:?}: {what}");
        assert_eq!(phase, Phase::Ended);
        assert_eq!(
            framed([sent.as_bytes()]),
            (seen, arrivals, phase),
            "{sent:?}"
        );
    };
    let post = |headers: &str| format!("POST / HTTP/1.1\r\nhost: h\r\n{headers}\r\n\r\n0\r\n\r\n");
    let both = "both Content-Length and Transfer-Encoding";
    check(
        &post("content-length: 5\r\ntransfer-encoding: chunked"),
        both,
    );
    check(
        &post("transfer-encoding: chunked\r\ncontent-length: 0"),
        both,
    );
    check(
        &post("content-length: 5\r\nContent-Length: 5"),
        "two Content-Length",
    );
    check(&post("content-length: 5, 5"), "no number");
    check(&post("content-length: +5"), "no number");
    check(&post("content-length: 0x5"), "no number");
    check(&post("content-length:"), "no number");
    check(&post("content-length : 5"), "not NAME: VALUE");
    check(&post(" content-length: 5"), "not NAME: VALUE");
    check(&post("x: 1\r\n folded"), "not NAME: VALUE");
    check(&post("x: 1\n content-length: 5"), "ends without CR");
    check(&post("x: 1\rcontent-length: 5"), "control characters");
    check(&post("x: \0"), "control characters");
    check(&post("nonsense"), "not NAME: VALUE");
    check(&post(": x"), "not NAME: VALUE");
    check(&post("Host: g"), "two Host");
    check(&post("transfer-encoding: gzip, chunked"), "not `chunked`");
    check(&post("transfer-encoding: xchunked"), "not `chunked`");
    check(
        &post("transfer-encoding: chunked\r\ntransfer-encoding: chunked"),
        "two Transfer-Encoding",
    );
    check(
        "POST / HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n",
        "HTTP/1.0 has no",
    );
    check("GET /\r\n\r\n", "METHOD, target and HTTP version");
    check("GET  / HTTP/1.1\r\n\r\n", "METHOD, target and HTTP version");
    check("GET / HTTP/1.1 \r\n\r\n", "METHOD, target and HTTP version");
    check("G(T / HTTP/1.1\r\n\r\n", "METHOD, target and HTTP version");
    check("GET / HTTP/2.0\r\n\r\n", "neither 1.1 nor 1.0");
    check("GET / http/1.1\r\n\r\n", "neither 1.1 nor 1.0");
    check("GET /\t HTTP/1.1\r\n\r\n", "percent-encoded");
    check("GET /\u{e9} HTTP/1.1\r\n\r\n", "percent-encoded");
    check("GET / HTTP/1.1\n\n", "ends without CR");
    check("GET http://g/ HTTP/1.1\r\nhost: h\r\n\r\n", "two hosts");
    check("GET http://h/ HTTP/1.1\r\n\r\n", "two hosts");
    check("\r\n\r\nGET / HTTP/1.1\r\n\r\n", "empty lines");
    check("\u{16}\u{3}\u{1}\u{2}", "speaks HTTPS");
    check("\nGET / HTTP/1.1\r\n\r\n", "speaks HTTPS");
}

#[test]
fn what_is_too_much_is_refused() {
    let check = |sent: &str, problem: Problem| {
        let (seen, arrivals, phase) = framed(sent.as_bytes().chunks(777));
        assert_eq!(seen.as_bytes(), REFUSED);
        assert_eq!(
            (arrivals, phase),
            (vec![Arrival::Refused(problem)], Phase::Ended)
        );
    };
    let get = |headers: &str| format!("GET / HTTP/1.1\r\n{headers}\r\n");
    check(
        &get(&"a: b\r\n".repeat(MOST_HEADERS + 1)),
        Problem::HeadersTooLarge,
    );
    check(
        &get(&format!("a: {}\r\n", "b".repeat(MOST_HEADER_BYTES))),
        Problem::HeadersTooLarge,
    );
    check(&get("content-length: 4194305\r\n"), Problem::BodyTooLarge);
    check(
        &get("content-length: 99999999999999999999999\r\n"),
        Problem::BodyTooLarge,
    );
    check("CONNECT / HTTP/1.1\r\n\r\n", Problem::Method);
    let most = get(&"a: b\r\n".repeat(MOST_HEADERS));
    assert_eq!(framed([most.as_bytes()]).1, [request("/")]);
}

#[test]
fn nothing_passes_after_broken_chunks() {
    let check = |chunks: &str, passed: &str| {
        let head = "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n";
        let sent = format!("{head}{chunks}GET /smuggled HTTP/1.1\r\n\r\n");
        let (seen, arrivals, phase) = byte_by_byte(sent.as_bytes());
        assert_eq!(seen, format!("{head}{passed}"), "{chunks:?}");
        assert_eq!((arrivals, phase), (vec![request("/")], Phase::Ended));
    };
    check("x\r\n", "");
    check("\r\n", "");
    check("-1\r\n", "");
    check("+1\r\na\r\n0\r\n\r\n", "");
    check("1\na\r\n0\r\n\r\n", "");
    check("1\r\nabc\r\n", "1\r\na");
    check("1\r\na\n\r\n", "1\r\na");
    check("11111111111111111\r\n", "");
    check("1;\r\r\n", "");
    check(&format!("1;{}\r\n", "x".repeat(300)), "");
    check(&format!("0\r\nx: {}\r\n\r\n", "x".repeat(9000)), "");
    check("0\r\na: b\n\r\n", "");
}

/// A request that is in order, with the target that it has.
fn good_request() -> impl Strategy<Value = (String, String)> {
    let body = prop_oneof![
        Just(String::from("\r\n")),
        "[ -~\r\n]{0,40}".prop_map(|body| format!("content-length: {}\r\n\r\n{body}", body.len())),
        prop::collection::vec("[ -~\r\n]{1,20}", 0..4).prop_map(|chunks| {
            let chunks = chunks
                .iter()
                .map(|chunk| format!("{:X}\r\n{chunk}\r\n", chunk.len()));
            let chunks: String = chunks.collect();
            format!("transfer-encoding: chunked\r\n\r\n{chunks}0\r\n\r\n")
        }),
    ];
    ("(GET|POST)", "/[!-~]{0,30}", body).prop_map(|(method, target, rest)| {
        let sent = format!("{method} {target} HTTP/1.1\r\nhost: h\r\n{rest}");
        (sent, target)
    })
}

/// The same bytes in pieces of these lengths, again and again.
fn cut<'a>(bytes: &'a [u8], lengths: &[usize]) -> Vec<&'a [u8]> {
    let (mut rest, mut pieces) = (bytes, Vec::new());
    for length in lengths.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (piece, after) = rest.split_at((*length).min(rest.len()));
        pieces.push(piece);
        rest = after;
    }
    pieces
}

proptest! {
    #[test]
    fn pieces_make_no_difference(
        requests in prop::collection::vec(good_request(), 1..5),
        lengths in prop::collection::vec(1_usize..50, 1..8),
    ) {
        let sent: String = requests.iter().map(|(sent, _)| sent.as_str()).collect();
        let whole = framed([sent.as_bytes()]);
        let targets: Vec<Arrival> = requests.iter().map(|(_, target)| request(target)).collect();
        prop_assert_eq!(&whole.1, &targets);
        prop_assert_eq!(&whole.2, &Phase::Idle(targets.len() as u64));
        prop_assert_eq!(whole, framed(cut(sent.as_bytes(), &lengths)));
    }

    #[test]
    fn whatever_comes_is_read_the_same_way_in_pieces(
        requests in prop::collection::vec(good_request(), 0..3),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        noise in prop::collection::vec(any::<u8>(), 0..60),
        lengths in prop::collection::vec(1_usize..50, 1..8),
    ) {
        let mut sent: Vec<u8> = requests.iter().flat_map(|(sent, _)| sent.bytes()).collect();
        sent.extend(noise);
        for (at, byte) in damage.iter().filter(|_| !sent.is_empty()).collect::<Vec<_>>() {
            let at = at.index(sent.len());
            sent[at] = *byte;
        }
        prop_assert_eq!(framed([&sent[..]]), framed(cut(&sent, &lengths)));
    }
}
