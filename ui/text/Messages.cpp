#include "ui/text/Messages.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

namespace limpid {

namespace {

/// One sentence: %1 … %4 are the facts of these names, in order. What stands in [brackets] is left out where one of
/// the facts it needs is unknown.
struct Sentence {
    ErrorCode code;
    const char* text;
    std::array<const char*, 4> facts;
};

// Translators: keep the square brackets around the same part of the sentence: it is shown only where its values are known.
// clang-format off
const Sentence sentences[] = {
    {ErrorCode::FileNotFound, QT_TRANSLATE_NOOP("Messages", "There is no file “%1”. Check the path and its spelling."), {"path"}},
    {ErrorCode::FileIsFolder, QT_TRANSLATE_NOOP("Messages", "“%1” is a folder, not a file. Choose a file in it."), {"path"}},
    {ErrorCode::FileUnreadable, QT_TRANSLATE_NOOP("Messages", "“%1” can't be read[: %2]. Check that you may read it."), {"path", "reason"}},
    {ErrorCode::FileUnwritable, QT_TRANSLATE_NOOP("Messages", "“%1” can't be written[: %2]. Choose a place where you may write; nothing was changed."), {"path", "reason"}},
    {ErrorCode::DiskFull, QT_TRANSLATE_NOOP("Messages", "The disk is full: “%1” was not written and what was there is unchanged. Free some space and try again."), {"path"}},
    {ErrorCode::FileEmpty, QT_TRANSLATE_NOOP("Messages", "“%1” is empty. A table needs a line of column names and at least one row."), {"path"}},
    {ErrorCode::FileBinary, QT_TRANSLATE_NOOP("Messages", "“%1” is not a text file. Save the table as CSV or TSV and open that."), {"path"}},
    {ErrorCode::FileEncoding, QT_TRANSLATE_NOOP("Messages", "“%1” is not valid UTF-8 or UTF-16 text[: line %2 holds bytes that are no characters]. Save it as UTF-8 and open it again."), {"path", "line"}},
    {ErrorCode::FileCompression, QT_TRANSLATE_NOOP("Messages", "“%1” can't be decompressed[: %2]. The archive may be cut short; fetch or make it again."), {"path", "reason"}},
    {ErrorCode::TableNoRows, QT_TRANSLATE_NOOP("Messages", "“%1” has column names but no rows. Add at least one row of values."), {"path"}},
    {ErrorCode::TableRaggedRow, QT_TRANSLATE_NOOP("Messages", "Line %2 of “%1” has %3 values where the first line has %4. Look for a missing or an extra separator, or quotes around a value."), {"path", "line", "found", "expected"}},
    {ErrorCode::TableUnclosedQuote, QT_TRANSLATE_NOOP("Messages", "A quote opened on line %2 of “%1” is never closed. Close it, or double it if it belongs to the value."), {"path", "line"}},
    {ErrorCode::TableDuplicateColumn, QT_TRANSLATE_NOOP("Messages", "“%1” has more than one column named “%2”. Give each column a name of its own."), {"path", "column"}},
    {ErrorCode::TableEmptyColumnName, QT_TRANSLATE_NOOP("Messages", "Column %2 of “%1” has no name. Name it in the first line."), {"path", "position"}},
    {ErrorCode::ColumnUnknown, QT_TRANSLATE_NOOP("Messages", "There is no column “%1”[ in “%2”]. Check its spelling."), {"column", "path"}},
    {ErrorCode::ColumnMissing, QT_TRANSLATE_NOOP("Messages", "The column “%1”, which the model needs, is missing[ in “%2”]. Add it, or choose a file that has it."), {"column", "path"}},
    {ErrorCode::ColumnAllMissing, QT_TRANSLATE_NOOP("Messages", "The column “%1” has no value in any of the rows in use. Fill it, or leave it out."), {"column"}},
    {ErrorCode::ColumnConstant, QT_TRANSLATE_NOOP("Messages", "The column “%1” has the same value in every row[ (“%2”)], so it tells the model nothing."), {"column", "value"}},
    {ErrorCode::ColumnTypeMismatch, QT_TRANSLATE_NOOP("Messages", "The column “%1” should hold values of type %4, but[ line %3 holds] “%2”. Mend the value, or change the column's type."), {"column", "value", "line", "type"}},
    {ErrorCode::ColumnNotFinite, QT_TRANSLATE_NOOP("Messages", "The column “%1” holds NaN or infinity[ (“%2”, first on line %3, %4 in all)], which nothing can be learnt or predicted from. Correct it, leave the cell empty, or say that it means missing."), {"column", "value", "line", "count"}},
    {ErrorCode::ColumnNumberTooLarge, QT_TRANSLATE_NOOP("Messages", "The number “%2” in the column “%1”[, line %3,] is too large to calculate with. Correct it, or read the column as text."), {"column", "value", "line"}},
    {ErrorCode::ColumnUnseenCategory, QT_TRANSLATE_NOOP("Messages", "The column “%1” holds “%2”[ (in %3 of the rows)], which the model never saw in training; it is treated as an unknown value."), {"column", "value", "count"}},
    {ErrorCode::ColumnUnseenRefused, QT_TRANSLATE_NOOP("Messages", "The column “%1” holds “%2”[ (in %3 of the rows)], which the model never saw in training. Correct it, or allow unseen values to be predicted as unknown."), {"column", "value", "count"}},
    {ErrorCode::ColumnExtra, QT_TRANSLATE_NOOP("Messages", "The column “%1” was not there in training and is not used."), {"column"}},
    {ErrorCode::ColumnReordered, QT_TRANSLATE_NOOP("Messages", "The columns stand in another order than in training; they are matched by name."), {}},
    {ErrorCode::ColumnIgnored, QT_TRANSLATE_NOOP("Messages", "The column “%1” is left out[: %2]."), {"column", "reason"}},
    {ErrorCode::TargetUnknown, QT_TRANSLATE_NOOP("Messages", "There is no column “%1” to predict. Name one of the table's columns as the target."), {"column"}},
    {ErrorCode::TargetOneClass, QT_TRANSLATE_NOOP("Messages", "The target “%1” has the same value in every row[ (“%2”)], so there is nothing to learn. Choose another target, or add rows with other values."), {"column", "value"}},
    {ErrorCode::TargetMissing, QT_TRANSLATE_NOOP("Messages", "The target “%1” is missing in[ %2 of the] rows; these are left out."), {"column", "count"}},
    {ErrorCode::TargetUnsupported, QT_TRANSLATE_NOOP("Messages", "The column “%1” can't be a target, because it is of type %2. Choose a column of numbers, categories or yes/no values, or change its type."), {"column", "type"}},
    {ErrorCode::TargetRepeated, QT_TRANSLATE_NOOP("Messages", "The column “%1” is named as a target more than once. Name each target once."), {"column"}},
    {ErrorCode::TargetManyClasses, QT_TRANSLATE_NOOP("Messages", "The column “%1” has %2 different values. Of several targets each must be a number or have two values: predict it alone, or leave it out of the targets."), {"column", "count"}},
    {ErrorCode::TargetsMixed, QT_TRANSLATE_NOOP("Messages", "The target “%1” is a number, but “%2” has two values. Several targets must be all numbers or all two-valued: train a model for each kind."), {"column", "other"}},
    {ErrorCode::TargetNegative, QT_TRANSLATE_NOOP("Messages", "The loss Poisson counts, but the target “%1” holds %2[ on line %3]. Correct it, or choose another loss."), {"column", "value", "line"}},
    {ErrorCode::TooFewRows, QT_TRANSLATE_NOOP("Messages", "The table has %1 usable rows, but at least %2 are needed. Add rows, or fill in missing values of the target."), {"rows", "needed"}},
    {ErrorCode::FoldsTooMany, QT_TRANSLATE_NOOP("Messages", "The class “%2” has only %3 rows, so they can't be shared out to %1 folds. Choose fewer folds, or add rows of that class."), {"folds", "value", "rows"}},
    {ErrorCode::NoInputs, QT_TRANSLATE_NOOP("Messages", "Beside the target there is no column to learn from. Include at least one column of numbers, categories, yes/no values or dates, or choose a network that reads text."), {}},
    {ErrorCode::OptionUnknown, QT_TRANSLATE_NOOP("Messages", "There is no setting “%1”."), {"name"}},
    {ErrorCode::OptionInvalid, QT_TRANSLATE_NOOP("Messages", "The setting “%1”[ is “%2”, which] does not fit[; expected: %3]."), {"name", "value", "expected"}},
    {ErrorCode::OptionUnused, QT_TRANSLATE_NOOP("Messages", "The setting “%1” has no effect here[: it matters only where “%2” is %3]."), {"name", "other", "needed"}},
    {ErrorCode::TooManyPlayers, QT_TRANSLATE_NOOP("Messages", "The method “%3” can explain at most %2 columns, and the model has %1. Use the method “leverage” instead."), {"players", "limit", "method"}},
    {ErrorCode::RowRangeInvalid, QT_TRANSLATE_NOOP("Messages", "The rows %1 are not in the table, which has %2 rows. Give a range FROM:TO within it, counted from 0."), {"range", "rows"}},
    {ErrorCode::JsonInvalid, QT_TRANSLATE_NOOP("Messages", "“%1” is not valid JSON[: line %2][: %3]. Correct it, or save it again from where it came."), {"path", "line", "reason"}},
    {ErrorCode::NetworkFormat, QT_TRANSLATE_NOOP("Messages", "[“%2”: ]This is not a network that Limpid can read[; its “%1” is missing or wrong]. Open one that Limpid saved, or an ONNX file."), {"reason", "path"}},
    {ErrorCode::NetworkLayerUnknown, QT_TRANSLATE_NOOP("Messages", "The layer “%1” is of the kind “%2”, which Limpid does not know."), {"node", "type"}},
    {ErrorCode::NetworkNodeDuplicate, QT_TRANSLATE_NOOP("Messages", "Two layers are named “%1”. Rename one of them."), {"node"}},
    {ErrorCode::NetworkInputUnknown, QT_TRANSLATE_NOOP("Messages", "The layer “%1” takes its input from “%2”, which does not exist. Connect it to another layer."), {"node", "input"}},
    {ErrorCode::NetworkInputCount, QT_TRANSLATE_NOOP("Messages", "The layer “%1” has %2 inputs but needs %3. Add or remove connections."), {"node", "found", "expected"}},
    {ErrorCode::NetworkCycle, QT_TRANSLATE_NOOP("Messages", "The layer “%1” feeds back into itself. Remove a connection of the loop."), {"node"}},
    {ErrorCode::NetworkShape, QT_TRANSLATE_NOOP("Messages", "The layer “%1” can't take what flows into it: it gets %2 and needs %3."), {"node", "found", "expected"}},
    {ErrorCode::NetworkUnused, QT_TRANSLATE_NOOP("Messages", "What the layer “%1” gives is used nowhere. Connect it, or remove it."), {"node"}},
    {ErrorCode::NetworkNoOutput, QT_TRANSLATE_NOOP("Messages", "No layer is marked as the output. Choose the layer that gives the prediction."), {}},
    {ErrorCode::NetworkOutputSize, QT_TRANSLATE_NOOP("Messages", "The output layer “%1” gives %2 values, but this target needs %3. Change its width to %3."), {"node", "found", "expected"}},
    {ErrorCode::NetworkParam, QT_TRANSLATE_NOOP("Messages", "In the layer “%1”, “%3” does not fit the setting “%2”[; expected: %4]."), {"node", "name", "value", "expected"}},
    {ErrorCode::NetworkNoFeatures, QT_TRANSLATE_NOOP("Messages", "The input layer “%1” asks for %2, but the data has none. Remove the layer, or include such columns."), {"node", "features"}},
    {ErrorCode::NetworkNoImage, QT_TRANSLATE_NOOP("Messages", "The preset “%1” is for square images of at least 8 × 8 pixels, each pixel a column of numbers, and no categories beside them[; this table has %2 numbers and %3 columns of categories]. Choose another preset."), {"name", "found", "count"}},
    {ErrorCode::NetworkNoText, QT_TRANSLATE_NOOP("Messages", "The preset “%1” reads text, but no column of this table is text. Choose another preset, or set a column's type to text on the Data page."), {"name"}},
    {ErrorCode::NetworkNoSequence, QT_TRANSLATE_NOOP("Messages", "The preset “%1” reads the columns of numbers as a sequence of at least 8 steps, with no categories beside them[; this table has %2 numbers and %3 columns of categories]. Choose another preset."), {"name", "found", "count"}},
    {ErrorCode::NetworkTooLarge, QT_TRANSLATE_NOOP("Messages", "The network is too large[ because of the layer “%1”]: it comes to %2, and at most %3 can be used. Use smaller sizes or fewer layers."), {"node", "found", "limit"}},
    {ErrorCode::NetworkBlockUnknown, QT_TRANSLATE_NOOP("Messages", "The layer “%1” uses the block “%2”, which does not exist. Choose a block, or remove the layer."), {"node", "block"}},
    {ErrorCode::NetworkBlockRecursive, QT_TRANSLATE_NOOP("Messages", "The layer “%1” uses the block “%2” within itself. Remove it from the block."), {"node", "block"}},
    {ErrorCode::NetworkBlockOutput, QT_TRANSLATE_NOOP("Messages", "The block “%2”, which “%1” uses, needs one layer as its output, and that must not be its input. Open the block and choose it."), {"node", "block"}},
    {ErrorCode::NetworkBlockInput, QT_TRANSLATE_NOOP("Messages", "“%1” stands for the input of a block, but is outside of any. Remove it."), {"node"}},
    {ErrorCode::NetworkShares, QT_TRANSLATE_NOOP("Messages", "The layer “%1” can't use the weights of “%2”: both must be of one kind, with weights of the same sizes, and “%2” must have its own and lead to an output."), {"node", "other"}},
    {ErrorCode::NetworkConstant, QT_TRANSLATE_NOOP("Messages", "The layer “%1” works over a size of %2, so what it gives is the same whatever comes in. Change its dimension, or remove it."), {"node", "found"}},
    {ErrorCode::NetworkSoftmax, QT_TRANSLATE_NOOP("Messages", "The output passes through “%1” (%2), but the loss does that itself. Remove the layer, or training will be slow and its probabilities wrong."), {"node", "type"}},
    {ErrorCode::NetworkLinear, QT_TRANSLATE_NOOP("Messages", "Several layers with weights, and nothing non-linear between: together they can learn no more than one. Add activations such as ReLU."), {}},
    {ErrorCode::NetworkImport, QT_TRANSLATE_NOOP("Messages", "“%1” can't be read as a network[: %2]. Export it again as ONNX, or choose another file."), {"path", "reason"}},
    {ErrorCode::NetworkImportNode, QT_TRANSLATE_NOOP("Messages", "“%1” can't be imported: its node “%2” (%3) has no counterpart in Limpid[: %4]. Change the network where it was made, or draw this part anew."), {"path", "node", "op", "reason"}},
    {ErrorCode::TrainingDiverged, QT_TRANSLATE_NOOP("Messages", "Training went astray[ in epoch %1][, first in the layer “%2”]: the loss is no longer a number. Try a smaller learning rate, or check the data for extreme values."), {"epoch", "layer"}},
    {ErrorCode::RateFinderOptimizer, QT_TRANSLATE_NOOP("Messages", "No learning rate can be found for %1: it searches for the length of each step itself. Choose another optimizer, or leave its rate at 1."), {"optimizer"}},
    {ErrorCode::OutOfMemory, QT_TRANSLATE_NOOP("Messages", "There is not enough memory for this[: it needs about %1, and %2 is free]. Try a smaller batch, a smaller network or fewer rows."), {"neededBytes", "availableBytes"}},
    {ErrorCode::BundleInvalid, QT_TRANSLATE_NOOP("Messages", "The model “%1” is damaged or incomplete[: %2]. Export it again, or use another version."), {"path", "reason"}},
    {ErrorCode::BundleNewer, QT_TRANSLATE_NOOP("Messages", "The model “%1” was written by a newer Limpid[ (format %2)]. Update Limpid to use it."), {"path", "version"}},
    {ErrorCode::WorkspaceNewer, QT_TRANSLATE_NOOP("Messages", "The workspace “%1” belongs to a newer Limpid[: its version is %2 and this one knows up to %3]. Update Limpid, or use another workspace; nothing was changed."), {"path", "version", "known"}},
    {ErrorCode::WorkspaceCorrupt, QT_TRANSLATE_NOOP("Messages", "The workspace “%1” is damaged[: %2]. Run “limpid doctor” to see what is affected, and restore it from a backup."), {"path", "reason"}},
    {ErrorCode::WorkspaceUnwritable, QT_TRANSLATE_NOOP("Messages", "The workspace “%1” can't be written[: %2]. Check its permissions, or use another workspace; nothing was changed."), {"path", "reason"}},
    {ErrorCode::WorkspaceBusy, QT_TRANSLATE_NOOP("Messages", "The workspace “%1” is in use by another Limpid that does not let go. Close it, or try again in a moment."), {"path"}},
    {ErrorCode::BlobMissing, QT_TRANSLATE_NOOP("Messages", "A stored file is missing from the workspace[ (%1)]. Run “limpid doctor” to see what needs it."), {"hash"}},
    {ErrorCode::BlobDamaged, QT_TRANSLATE_NOOP("Messages", "A stored file in the workspace is damaged[ (%1)]. Run “limpid doctor” to see what needs it."), {"hash"}},
    {ErrorCode::WorkspaceGone, QT_TRANSLATE_NOOP("Messages", "The workspace “%1” is not there any more: it was deleted, moved or unplugged while Limpid used it. Put it back and open it again."), {"path"}},
    {ErrorCode::ModelRescued, QT_TRANSLATE_NOOP("Messages", "The trained model could not be stored and was saved as a folder instead, “%1”: “limpid models import” brings it into a workspace."), {"path"}},
    {ErrorCode::RunUnknown, QT_TRANSLATE_NOOP("Messages", "There is no run %1 in this workspace. “limpid runs list” shows those there are."), {"run"}},
    {ErrorCode::RunRunning, QT_TRANSLATE_NOOP("Messages", "Run %1 is training already, here or in another window. Stop it there first."), {"run"}},
    {ErrorCode::RunDataChanged, QT_TRANSLATE_NOOP("Messages", "Run %1 can't go on: “%2” is no longer what it was trained on. Put the file back as it was, or start a new run."), {"run", "path"}},
    {ErrorCode::RunComplete, QT_TRANSLATE_NOOP("Messages", "Run %1 has finished all of its %2 epochs. Give it more epochs to go on."), {"run", "epochs"}},
    {ErrorCode::RunActive, QT_TRANSLATE_NOOP("Messages", "Run %1 is still needed: it is training, or a model version came of it. It was not deleted."), {"run"}},
    {ErrorCode::ExplanationUnknown, QT_TRANSLATE_NOOP("Messages", "There is no explanation %1 in this workspace. “limpid explanations list” shows those there are."), {"explanation"}},
    {ErrorCode::ExplanationDataChanged, QT_TRANSLATE_NOOP("Messages", "Explanation %1 can't be made again: “%2” is no longer what was explained. Put the file back as it was."), {"explanation", "path"}},
    {ErrorCode::ExplanationInvalid, QT_TRANSLATE_NOOP("Messages", "The stored explanation can't be read[: %1]. Explain the rows again."), {"reason"}},
    {ErrorCode::ModelUnknown, QT_TRANSLATE_NOOP("Messages", "There is no model “%1” in this workspace. “limpid models list” shows those there are."), {"model"}},
    {ErrorCode::VersionUnknown, QT_TRANSLATE_NOOP("Messages", "The model “%1” has no version %2."), {"model", "version"}},
    {ErrorCode::AliasUnknown, QT_TRANSLATE_NOOP("Messages", "The model “%1” has no alias “%2”."), {"model", "alias"}},
    {ErrorCode::NameInvalid, QT_TRANSLATE_NOOP("Messages", "“%1” can't be a name. Use letters, digits, “_”, “-” and “.”, at most 100 characters."), {"name"}},
    {ErrorCode::Internal, QT_TRANSLATE_NOOP("Messages", "Something went wrong inside Limpid[: %1]. Please report it, with what you did just before."), {"reason"}},
};
// clang-format on

QString translated(const char* text)
{
    return QCoreApplication::translate("Messages", text);
}

/// Some facts are keys that need words of their own.
QString factText(const char* name, const std::string& value)
{
    static const std::pair<const char*, const char*> words[] = {
        {"identifier", QT_TRANSLATE_NOOP("Messages", "every value is different, as in an identifier")},
        {"text", QT_TRANSLATE_NOOP("Messages", "it holds free text")},
        {"no-words", QT_TRANSLATE_NOOP("Messages", "there is not one word in its texts")},
    };
    if (std::string_view(name) == "reason") {
        for (const auto& [key, word] : words) {
            if (value == key)
                return translated(word);
        }
    }
    if (std::string_view(name).ends_with("Bytes") && !value.empty())
        return bytesText(QString::fromStdString(value).toULongLong());
    if (std::string_view(name) == "hash")
        return QString::fromStdString(value.substr(0, 12));
    return QString::fromStdString(value);
}

/// What stands for a fact that nobody gave.
QString unknownFact(const char* name)
{
    return std::string_view(name) == "path" ? translated(QT_TRANSLATE_NOOP("Messages", "the file")) : QStringLiteral("?");
}

/// Fills %1 … %4 in one pass, so that a value holding “%1” or brackets is left alone.
QString fill(const QString& text, const std::array<const char*, 4>& names, const std::array<QString, 4>& values)
{
    QString result;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (c == u'[') {
            const qsizetype end = text.indexOf(u']', i);
            const QStringView part = QStringView(text).mid(i + 1, end - i - 1);
            bool known = true;
            for (std::size_t k = 0; k < values.size(); ++k)
                known = known && !(values[k].isEmpty() && part.contains(QString(u'%') + QString::number(k + 1)));
            if (!known)
                i = end;
        } else if (c == u']') {
            continue;
        } else if (c == u'%' && i + 1 < text.size() && text[i + 1] >= u'1' && text[i + 1] <= u'4') {
            const auto k = static_cast<std::size_t>(text[++i].unicode() - u'1');
            result += values[k].isEmpty() ? unknownFact(names[k]) : values[k];
        } else {
            result += c;
        }
    }
    return result;
}

} // namespace

QString message(ErrorCode code, const Facts& facts, const QString& where)
{
    const auto* sentence = std::find_if(std::begin(sentences), std::end(sentences), [code](const Sentence& s) { return s.code == code; });
    if (sentence == std::end(sentences))
        return QString::fromUtf8(errorName(code).data(), qsizetype(errorName(code).size()));
    std::array<QString, 4> values;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const char* name = sentence->facts[i];
        if (!name)
            continue;
        values[i] = factText(name, fact(facts, name));
        // An issue says once, in `where`, which column, layer or setting it is about.
        const std::string_view key = name;
        if (values[i].isEmpty() && (key == "column" || key == "node" || (key == "name" && code != ErrorCode::NetworkParam)))
            values[i] = where;
    }
    QString text = fill(translated(sentence->text), sentence->facts, values);
    if (const std::string nearest = fact(facts, "nearest"); !nearest.empty())
        text += u' ' + translated(QT_TRANSLATE_NOOP("Messages", "Did you mean “%1”?")).arg(QString::fromStdString(nearest));
    for (const ErrorCode cause : allErrorCodes())
        if (errorName(cause) == fact(facts, "cause"))
            text += u' ' + message(cause, {{"path", fact(facts, "workspace")}, {"reason", fact(facts, "reason")}});
    return text;
}

QString message(const Error& error)
{
    return message(error.code(), error.facts());
}

QString message(const Issue& issue)
{
    return message(issue.code, issue.facts, QString::fromStdString(issue.where));
}

int exitCodeOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::TrainingDiverged:
    case ErrorCode::OutOfMemory:
    case ErrorCode::WorkspaceBusy:
    case ErrorCode::WorkspaceGone:
    case ErrorCode::ModelRescued:
    case ErrorCode::RunActive:
    case ErrorCode::RunRunning:
    case ErrorCode::Internal:
        return 1;
    default:
        return 3;
    }
}

QString stageText(const std::string& stage)
{
    static const std::pair<const char*, const char*> words[] = {
        {"read", QT_TRANSLATE_NOOP("Messages", "Reading")},
        {"hash", QT_TRANSLATE_NOOP("Messages", "Checking the file")},
        {"decompress", QT_TRANSLATE_NOOP("Messages", "Decompressing")},
        {"parse", QT_TRANSLATE_NOOP("Messages", "Reading")},
        {"infer", QT_TRANSLATE_NOOP("Messages", "Finding column types")},
        {"types", QT_TRANSLATE_NOOP("Messages", "Finding column types")},
        {"profile", QT_TRANSLATE_NOOP("Messages", "Profiling columns")},
        {"plan", QT_TRANSLATE_NOOP("Messages", "Preparing")},
        {"price", QT_TRANSLATE_NOOP("Messages", "Measuring what training takes")},
        {"split", QT_TRANSLATE_NOOP("Messages", "Splitting rows")},
        {"fit", QT_TRANSLATE_NOOP("Messages", "Preparing columns")},
        {"prepare", QT_TRANSLATE_NOOP("Messages", "Preparing columns")},
        {"encode", QT_TRANSLATE_NOOP("Messages", "Preparing rows")},
        {"train", QT_TRANSLATE_NOOP("Messages", "Training")},
        {"epoch", QT_TRANSLATE_NOOP("Messages", "Epoch")},
        {"rate", QT_TRANSLATE_NOOP("Messages", "Trying learning rates")},
        {"evaluate", QT_TRANSLATE_NOOP("Messages", "Evaluating")},
        {"predict", QT_TRANSLATE_NOOP("Messages", "Predicting")},
        {"explain", QT_TRANSLATE_NOOP("Messages", "Explaining")},
        {"importance", QT_TRANSLATE_NOOP("Messages", "Measuring importance")},
        {"quality", QT_TRANSLATE_NOOP("Messages", "Measuring quality")},
        {"estimate", QT_TRANSLATE_NOOP("Messages", "Estimating the cost")},
        {"store", QT_TRANSLATE_NOOP("Messages", "Storing")},
        {"save", QT_TRANSLATE_NOOP("Messages", "Storing")},
        {"write", QT_TRANSLATE_NOOP("Messages", "Writing")},
        {"export", QT_TRANSLATE_NOOP("Messages", "Exporting")},
        {"open", QT_TRANSLATE_NOOP("Messages", "Opening")},
    };
    const std::size_t space = stage.find(' ');
    const std::string_view key = std::string_view(stage).substr(0, space);
    for (const auto& [name, word] : words) {
        if (key != name)
            continue;
        QString text = translated(word);
        if (space != std::string::npos) // "epoch 3/20", "explain rows 20/50"
            text += QString::fromStdString(stage.substr(space));
        return text;
    }
    return QString::fromStdString(stage);
}

QString jobText(const std::string& kind, const QString& subject)
{
    static const std::pair<const char*, const char*> words[] = {
        {"read", QT_TRANSLATE_NOOP("Messages", "Reading %1")},
        {"open", QT_TRANSLATE_NOOP("Messages", "Opening %1")},
        {"profile", QT_TRANSLATE_NOOP("Messages", "Profiling %1")},
        {"plan", QT_TRANSLATE_NOOP("Messages", "Checking %1")},
        {"train", QT_TRANSLATE_NOOP("Messages", "Training %1")},
        {"rate", QT_TRANSLATE_NOOP("Messages", "Finding a learning rate for %1")},
        {"evaluate", QT_TRANSLATE_NOOP("Messages", "Evaluating %1")},
        {"predict", QT_TRANSLATE_NOOP("Messages", "Predicting with %1")},
        {"explain", QT_TRANSLATE_NOOP("Messages", "Explaining %1")},
        {"importance", QT_TRANSLATE_NOOP("Messages", "Measuring importance in %1")},
        {"quality", QT_TRANSLATE_NOOP("Messages", "Judging explanations of %1")},
        {"estimate", QT_TRANSLATE_NOOP("Messages", "Estimating the cost for %1")},
        {"export", QT_TRANSLATE_NOOP("Messages", "Exporting %1")},
        {"report", QT_TRANSLATE_NOOP("Messages", "Writing the report of %1")},
        {"picture", QT_TRANSLATE_NOOP("Messages", "Painting %1")},
        {"save", QT_TRANSLATE_NOOP("Messages", "Saving %1")},
        {"load", QT_TRANSLATE_NOOP("Messages", "Loading %1")},
        {"health", QT_TRANSLATE_NOOP("Messages", "Checking %1")},
        {"delete", QT_TRANSLATE_NOOP("Messages", "Deleting %1")},
    };
    for (const auto& [name, word] : words) {
        if (kind == name)
            return translated(word).arg(subject).trimmed();
    }
    return QStringLiteral("%1 %2").arg(QString::fromStdString(kind), subject).trimmed();
}

QString guessText(const std::string& reason, const Facts& facts)
{
    // %1 distinct values, %2 share of the values that fit, %3 an example, %4 its line.
    static const std::pair<const char*, const char*> words[] = {
        {"given", QT_TRANSLATE_NOOP("Messages", "You chose this type.")},
        {"all-numbers", QT_TRANSLATE_NOOP("Messages", "Every value is a number[ (%1 different ones)].")},
        {"two-values", QT_TRANSLATE_NOOP("Messages", "There are just two different values[, such as “%3”].")},
        {"few-values", QT_TRANSLATE_NOOP("Messages", "The values repeat[: only %1 different ones][, such as “%3”].")},
        {"many-values", QT_TRANSLATE_NOOP("Messages", "Words with many different values[ (%1)][, such as “%3”].")},
        {"all-dates", QT_TRANSLATE_NOOP("Messages", "Every value is a date or a time[, such as “%3”].")},
        {"free-text", QT_TRANSLATE_NOOP("Messages", "Nearly every value is different, as in free text[, such as “%3”].")},
        {"all-missing", QT_TRANSLATE_NOOP("Messages", "There is no value to judge by: all are missing.")},
        {"mixed", QT_TRANSLATE_NOOP("Messages", "The values are of several kinds[: “%3” on line %4 is no number or date].")},
    };
    const std::array<const char*, 4> names{"values", "share", "example", "line"};
    std::array<QString, 4> values;
    for (std::size_t i = 0; i < names.size(); ++i)
        values[i] = QString::fromStdString(fact(facts, names[i]));
    for (const auto& [key, word] : words) {
        if (reason == key)
            return fill(translated(word), names, values);
    }
    return QString::fromStdString(reason);
}

QString metricName(const std::string& metric)
{
    static const std::pair<const char*, const char*> words[] = {
        {"roc_auc", QT_TRANSLATE_NOOP("Messages", "ROC AUC")},
        {"f1", QT_TRANSLATE_NOOP("Messages", "F1")},
        {"macro_f1", QT_TRANSLATE_NOOP("Messages", "Macro F1")},
        {"log_loss", QT_TRANSLATE_NOOP("Messages", "Log loss")},
        {"accuracy", QT_TRANSLATE_NOOP("Messages", "Accuracy")},
        {"rmse", QT_TRANSLATE_NOOP("Messages", "RMSE")},
        {"mae", QT_TRANSLATE_NOOP("Messages", "MAE")},
        {"r2", QT_TRANSLATE_NOOP("Messages", "R²")},
        {"loss", QT_TRANSLATE_NOOP("Messages", "Loss")},
        {"mean_poisson_deviance", QT_TRANSLATE_NOOP("Messages", "Poisson deviance")},
        {"macro_roc_auc", QT_TRANSLATE_NOOP("Messages", "Macro ROC AUC")},
        {"subset_accuracy", QT_TRANSLATE_NOOP("Messages", "Subset accuracy")},
        {"hamming_loss", QT_TRANSLATE_NOOP("Messages", "Hamming loss")},
    };
    if (const std::size_t slash = metric.find('/'); slash != std::string::npos) // of one of several targets
        return translated(QT_TRANSLATE_NOOP("Messages", "%1 of %2"))
            .arg(metricName(metric.substr(0, slash)), QString::fromStdString(metric.substr(slash + 1)));
    for (const auto& [key, word] : words) {
        if (metric == key)
            return translated(word);
    }
    return QString::fromStdString(metric);
}

QString studyPartText(const std::string& kind, int part, int parts)
{
    const char* text = kind == "folds" ? QT_TRANSLATE_NOOP("Messages", "fold %1 of %2")
        : kind == "ensemble"           ? QT_TRANSLATE_NOOP("Messages", "member %1 of %2")
                                       : QT_TRANSLATE_NOOP("Messages", "repeat %1 of %2");
    return translated(text).arg(part).arg(parts);
}

QString durationText(double seconds)
{
    if (!std::isfinite(seconds) || seconds < 0.0)
        return QStringLiteral("–");
    if (seconds < 0.05)
        return translated(QT_TRANSLATE_NOOP("Messages", "under 0.1 s"));
    if (seconds < 9.95)
        return translated(QT_TRANSLATE_NOOP("Messages", "%1 s")).arg(QLocale().toString(seconds, 'f', 1));
    const auto whole = static_cast<qint64>(std::llround(seconds));
    if (whole < 60)
        return translated(QT_TRANSLATE_NOOP("Messages", "%1 s")).arg(whole);
    if (whole < 3600)
        return translated(QT_TRANSLATE_NOOP("Messages", "%1 min %2 s")).arg(whole / 60).arg(whole % 60);
    return translated(QT_TRANSLATE_NOOP("Messages", "%1 h %2 min")).arg(whole / 3600).arg(whole % 3600 / 60);
}

QString countText(qint64 count)
{
    return QLocale().toString(count);
}

QString bytesText(quint64 bytes)
{
    return QLocale().formattedDataSize(qint64(bytes), 1, QLocale::DataSizeSIFormat);
}

QString numberText(double value)
{
    if (std::isnan(value))
        return QStringLiteral("–");
    const double size = std::abs(value);
    if (size >= 1000.0 && size < 1e9) // no exponent where grouping reads better
        return QLocale().toString(value, 'f', 0);
    QLocale locale;
    locale.setNumberOptions(locale.numberOptions() | QLocale::OmitLeadingZeroInExponent);
    return locale.toString(value, 'g', 4);
}

} // namespace limpid
