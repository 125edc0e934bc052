#pragma once

#include "core/explain/Explanation.h"

namespace limpid {

/// An explanation as bytes (CBOR, RFC 8949), all of it but the seconds it took: the same question asked of the same model gives
/// the same bytes.
std::string explanationBytes(const Explanation& explanation);
/// Throws ExplanationInvalid: not such bytes, a newer format, or arrays that do not fit each other.
Explanation explanationFromBytes(std::string_view bytes);

} // namespace limpid
