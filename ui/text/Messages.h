#pragma once

#include "core/base/Error.h"

#include <QString>

namespace limpid {

// The sentences of core's errors and issues, in the user's language. Qt Core only: window and command line share them.

/// One sentence, or two: what is wrong, where, and what to do.
QString message(ErrorCode code, const Facts& facts, const QString& where = {});
QString message(const Error& error);
QString message(const Issue& issue);

/// The exit code the command line gives for it: 3 for bad input, else 1.
int exitCodeOf(ErrorCode code);

/// Progress stages, job kinds, type guesses and run states in words; the key itself where it is unknown.
QString stageText(const std::string& stage);
QString jobText(const std::string& kind, const QString& subject);
QString guessText(const std::string& reason, const Facts& facts);
QString metricName(const std::string& metric);   ///< "roc_auc" → "ROC AUC"

/// "11 s", "2 min 5 s", "1 h 3 min"; "1,234" with the locale's grouping; "1.2 GB"; 4 significant digits.
/// "fold 2 of 5", "repeat 2 of 5", "member 2 of 5"; `kind` is the study's.
QString studyPartText(const std::string& kind, int part, int parts);
QString durationText(double seconds);
QString countText(qint64 count);
QString bytesText(quint64 bytes);
QString numberText(double value);

} // namespace limpid
