#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace limpid {

/// Every way in which bad input or a failing machine can stop Limpid. Core never words a message:
/// `ui/text/Messages.cpp` holds one translatable sentence per code, and a test checks that none is missing.
/// The comment names the facts that the sentence may use.
#define LIMPID_ERROR_CODES(X)                                                                       \
    /* files */                                                                                     \
    X(FileNotFound)          /* path */                                                             \
    X(FileIsFolder)          /* path */                                                             \
    X(FileUnreadable)        /* path, reason */                                                     \
    X(FileUnwritable)        /* path, reason */                                                     \
    X(DiskFull)              /* path */                                                             \
    X(FileEmpty)             /* path */                                                             \
    X(FileBinary)            /* path */                                                             \
    X(FileEncoding)          /* path, line, offset */                                               \
    X(FileCompression)       /* path, reason */                                                     \
    /* tables */                                                                                    \
    X(TableNoRows)           /* path */                                                             \
    X(TableRaggedRow)        /* path, line, found, expected */                                      \
    X(TableUnclosedQuote)    /* path, line */                                                       \
    X(TableDuplicateColumn)  /* path, column */                                                     \
    X(TableEmptyColumnName)  /* path, position */                                                   \
    X(ColumnUnknown)         /* column, nearest, path */                                            \
    X(ColumnMissing)         /* column, path */                                                     \
    X(ColumnAllMissing)      /* column */                                                           \
    X(ColumnConstant)        /* column, value */                                                    \
    X(ColumnTypeMismatch)    /* column, line, value, type */                                        \
    X(ColumnNotFinite)       /* column, line, value, count */                                       \
    X(ColumnNumberTooLarge)  /* column, line, value */                                              \
    X(ColumnUnseenCategory)  /* column, value, count */                                             \
    X(ColumnUnseenRefused)   /* column, value, count */                                             \
    X(ColumnExtra)           /* column */                                                           \
    X(ColumnReordered)       /* (none) */                                                           \
    X(ColumnIgnored)         /* column, reason: identifier | text | no-words */                     \
    /* what is asked for */                                                                         \
    X(TargetUnknown)         /* column, nearest */                                                  \
    X(TargetOneClass)        /* column, value */                                                    \
    X(TargetMissing)         /* column, count */                                                    \
    X(TargetUnsupported)     /* column, type */                                                     \
    X(TargetRepeated)        /* column */                                                           \
    X(TargetManyClasses)     /* column, count */                                                    \
    X(TargetsMixed)          /* column, other: a number and one of two values */                    \
    X(TargetNegative)        /* column, line, value */                                              \
    X(TooFewRows)            /* rows, needed */                                                     \
    X(FoldsTooMany)          /* folds, value, rows */                                               \
    X(NoInputs)              /* (none) */                                                           \
    X(OptionUnknown)         /* name, nearest */                                                    \
    X(OptionInvalid)         /* name, value, expected */                                            \
    X(OptionUnused)          /* name, other, needed */                                              \
    X(TooManyPlayers)        /* players, limit, method */                                           \
    X(RowRangeInvalid)       /* range, rows */                                                      \
    /* networks */                                                                                  \
    X(JsonInvalid)           /* path, line, reason */                                               \
    X(NetworkFormat)         /* reason, the place in the JSON; path of a file */                    \
    X(NetworkLayerUnknown)   /* node, type, nearest */                                              \
    X(NetworkNodeDuplicate)  /* node */                                                             \
    X(NetworkInputUnknown)   /* node, input */                                                      \
    X(NetworkInputCount)     /* node, found, expected */                                            \
    X(NetworkCycle)          /* node */                                                             \
    X(NetworkShape)          /* node, found, expected */                                            \
    X(NetworkUnused)         /* node */                                                             \
    X(NetworkNoOutput)       /* (none) */                                                           \
    X(NetworkOutputSize)     /* node, found, expected */                                            \
    X(NetworkParam)          /* node, name, value, expected */                                      \
    X(NetworkNoFeatures)     /* node, features */                                                   \
    X(NetworkNoImage)        /* name of the preset, found numbers, count of categories */           \
    X(NetworkNoText)         /* name of the preset */                                               \
    X(NetworkNoSequence)     /* name of the preset, found numbers, count of categories */           \
    X(NetworkTooLarge)       /* node, found, limit */                                               \
    X(NetworkBlockUnknown)   /* node, block */                                                      \
    X(NetworkBlockRecursive) /* node, block */                                                      \
    X(NetworkBlockOutput)    /* node, block */                                                      \
    X(NetworkBlockInput)     /* node */                                                             \
    X(NetworkShares)         /* node, other */                                                      \
    X(NetworkConstant)       /* node, found */                                                      \
    X(NetworkSoftmax)        /* node, type */                                                       \
    X(NetworkLinear)         /* (none) */                                                           \
    X(NetworkImport)         /* path, reason */                                                     \
    X(NetworkImportNode)     /* path, node, op, reason */                                           \
    /* training */                                                                                  \
    X(TrainingDiverged)      /* epoch, step, layer */                                               \
    X(RateFinderOptimizer)   /* optimizer */                                                        \
    X(OutOfMemory)           /* neededBytes, availableBytes */                                      \
    /* models and the workspace */                                                                  \
    X(BundleInvalid)         /* path, reason */                                                     \
    X(BundleNewer)           /* path, version */                                                    \
    X(WorkspaceNewer)        /* path, version, known */                                             \
    X(WorkspaceCorrupt)      /* path, reason */                                                     \
    X(WorkspaceUnwritable)   /* path, reason */                                                     \
    X(WorkspaceBusy)         /* path */                                                             \
    X(WorkspaceGone)         /* path */                                                             \
    X(ModelRescued)          /* path; cause and reason, of workspace */                            \
    X(BlobMissing)           /* hash */                                                             \
    X(BlobDamaged)           /* hash */                                                             \
    X(RunUnknown)            /* run */                                                              \
    X(RunActive)             /* run */                                                              \
    X(RunRunning)            /* run */                                                              \
    X(RunDataChanged)        /* run, path */                                                        \
    X(RunComplete)           /* run, epochs */                                                      \
    X(ModelUnknown)          /* model, nearest */                                                   \
    X(VersionUnknown)        /* model, version */                                                   \
    X(AliasUnknown)          /* model, alias */                                                     \
    X(ExplanationUnknown)    /* explanation */                                                      \
    X(ExplanationDataChanged) /* explanation, path */                                               \
    X(ExplanationInvalid)    /* reason */                                                           \
    X(NameInvalid)           /* name */                                                             \
    X(Internal)              /* reason */

enum class ErrorCode {
#define LIMPID_ERROR_ENUM(name) name,
    LIMPID_ERROR_CODES(LIMPID_ERROR_ENUM)
#undef LIMPID_ERROR_ENUM
};

/// The code's own name, e.g. "FileNotFound": for logs, JSON and tests.
std::string_view errorName(ErrorCode code);

/// All codes, in order of declaration.
const std::vector<ErrorCode>& allErrorCodes();

/// The values that a sentence is filled with, by name: {{"path", "a.csv"}, {"line", "7"}}.
using Facts = std::vector<std::pair<std::string, std::string>>;

/// The fact of that name, or "".
std::string fact(const Facts& facts, std::string_view name);

/// The one type that core throws.
class Error : public std::exception
{
public:
    explicit Error(ErrorCode code, Facts facts = {}, std::string detail = {});

    ErrorCode code() const { return m_code; }
    const Facts& facts() const { return m_facts; }
    /// What a library said, in its own words: for the log, never for the sentence.
    const std::string& detail() const { return m_detail; }
    /// Code, facts and detail on one line, for logs only.
    const char* what() const noexcept override { return m_what.c_str(); }

private:
    ErrorCode m_code;
    Facts m_facts;
    std::string m_detail;
    std::string m_what;
};

enum class Severity { Note, Warning, Error };

/// One thing that is wrong, or worth knowing, about an input. Readers and validators return lists of these.
struct Issue {
    Severity severity = Severity::Error;
    std::string where; ///< the column, node or option it is about; "" for the whole
    ErrorCode code = ErrorCode::Internal;
    Facts facts;

    bool operator==(const Issue&) const = default;
};

using Issues = std::vector<Issue>;

/// Throws the first issue of severity Error, if there is one.
void throwFirstError(const Issues& issues);

/// The candidate closest to `name` by edit distance, or "" where none is near: for "did you mean".
std::string nearestName(std::string_view name, const std::vector<std::string>& candidates);

} // namespace limpid
