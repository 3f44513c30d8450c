#pragma once
// The coroutine type of request handlers. Each I/O thread has an io_context of its own; a coroutine stays on it.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace rondo {

namespace asio = boost::asio;

/// The concrete executor: any_io_executor costs a virtual call and an allocation per operation.
using executor = asio::io_context::executor_type;

template <class T>
using async = asio::awaitable<T, executor>;

}  // namespace rondo
