#pragma once

#include "core/explain/TextAttribution.h"

namespace limpid {

/// What the words of texts do, as bytes (CBOR, RFC 8949), all of it but the seconds it took: the same question asked of the same model
/// gives the same bytes.
std::string textOutcomeBytes(const TextOutcome& outcome);
/// Throws ExplanationInvalid: not such bytes, a newer format, or arrays that do not fit each other.
TextOutcome textOutcomeFromBytes(std::string_view bytes);

} // namespace limpid
