#pragma once
// What producer and consumer share: owning librdkafka's handles, its settings, making the topic, and what is told of trouble.

#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <librdkafka/rdkafka.h>

#include "events/kafka/kafka_options.hpp"

namespace rondo::kafka {

template <auto Destroy>
struct destroyer {
    template <class T>
    void operator()(T* owned) const {
        Destroy(owned);
    }
};
template <class T, auto Destroy>
using handle = std::unique_ptr<T, destroyer<Destroy>>;

using client_handle = handle<rd_kafka_t, rd_kafka_destroy>;
using conf_handle = handle<rd_kafka_conf_t, rd_kafka_conf_destroy>;
using headers_handle = handle<rd_kafka_headers_t, rd_kafka_headers_destroy>;
using message_handle = handle<rd_kafka_message_t, rd_kafka_message_destroy>;
using partitions_handle = handle<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy>;
using queue_handle = handle<rd_kafka_queue_t, rd_kafka_queue_destroy>;
using event_handle = handle<rd_kafka_event_t, rd_kafka_event_destroy>;
using error_handle = handle<rd_kafka_error_t, rd_kafka_error_destroy>;

using setting = std::pair<std::string_view, std::string_view>;

/// The settings both have, then `own`, then the options' further ones. librdkafka's log lines go to ours, and its errors to `on_error` with `opaque`.
/// Throws `fatal` (78) with a line that names what does not fit.
conf_handle make_conf(const kafka_options& options, std::span<const setting> own, void* opaque,
                      void (*on_error)(rd_kafka_t*, int, const char*, void*));

/// Takes the conf. Throws `fatal` (78).
client_handle make_client(rd_kafka_type_t type, conf_handle conf);

struct failure {
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
    std::string reason;  ///< in a sentence
};

/// Makes the topic unless it is there, and waits until its partitions have leaders. A few seconds at most.
failure ensure_topic(rd_kafka_t* client, const kafka_options& options);

/// Tells the operator what keeps a client from its work: each kind of failure once until it is over. Several come of one cause, and where one
/// says what to set right, those that only say that nobody answers are left out; that is why it is first noted and then told.
class trouble_log {
public:
    /// `message` begins the lines. Both outlive it.
    trouble_log(std::string_view message, const kafka_options& options) : message_{message}, options_{options} {}

    void note(failure seen);
    /// What librdkafka's callback for errors has got.
    void note(int code, std::string_view reason);
    void tell();
    /// It works again: a line says so if one told of trouble.
    void over();

private:
    std::string_view message_;
    const kafka_options& options_;
    failure noted_;
    std::set<rd_kafka_resp_err_t> told_;
};

}  // namespace rondo::kafka
