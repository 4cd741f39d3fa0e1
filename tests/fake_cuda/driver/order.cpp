// Who has waited for whom: clocks of the streams, and a complaint when two use the same memory without a wait.
//
// All threads of the process count as one: what one of them has waited for is done for all that is asked for later.
#include <algorithm>

#include "fake.h"

namespace fake {
void join(Clocks& into, const Clocks& other) {
  for (auto& one : other) into[one.first] = std::max(into[one.first], one.second);
}

void waited_for(const Clocks& known) {
  LOCKED;
  State& now = state();
  join(now.host, known);
  auto is_settled = [&](const Touch& old) { return old.at <= now.host[old.stream]; };
  now.touches.erase(std::remove_if(now.touches.begin(), now.touches.end(), is_settled), now.touches.end());
  for (auto one = now.retired.begin(); one != now.retired.end();) {
    auto is_its = [&](const Touch& old) { return old.stream == *one; };
    bool over = (*one)->queue.empty() && std::none_of(now.touches.begin(), now.touches.end(), is_its);
    if (over) now.host.erase(*one);
    one = over ? now.retired.erase(one) : std::next(one);
  }
}

void asked_for(CUstream stream, const std::vector<Use>& uses) {
  auto& touches = state().touches;
  join(stream->known, state().host);
  uint64_t now = ++stream->known[stream];
  for (auto& use : uses) {
    auto is_before = [&](const Touch& old) { return old.at <= stream->known[old.stream]; };
    uintptr_t end = use.begin + use.size;
    for (auto& old : touches) {
      bool meets = old.use.begin < end && use.begin < old.use.begin + old.use.size;
      if (!meets || is_before(old) || !(use.writes || old.use.writes)) continue;
      complain(use.writes ? "a stream writes what another one uses, without a wait"
                          : "a stream reads what another one writes, without a wait");
      break;
    }
    auto is_settled = [&](const Touch& old) {
      bool inside = use.begin <= old.use.begin && old.use.begin + old.use.size <= end;
      return inside && is_before(old) && (use.writes || !old.use.writes);
    };
    touches.erase(std::remove_if(touches.begin(), touches.end(), is_settled), touches.end());
  }
  for (auto& use : uses) touches.push_back({use, stream, now});
}

void forget_touches(uintptr_t begin, size_t size) {
  auto& touches = state().touches;
  auto is_there = [=](const Touch& one) { return begin <= one.use.begin && one.use.begin < begin + size; };
  touches.erase(std::remove_if(touches.begin(), touches.end(), is_there), touches.end());
}
}  // namespace fake
