#include "core/model/LayerCatalog.h"
#include "core/model/RateFinderSpec.h"
#include "core/model/StudySpec.h"
#include "core/model/TrainSpec.h"
#include "tests/support/TestSupport.h"
#include "ui/text/Messages.h"
#include "ui/text/LayerTexts.h"
#include "ui/text/ParamTexts.h"

#include <QLocale>
#include <QRegularExpression>

using namespace limpid;

/// Whether people get words, and the right ones, for everything that core can say.
class TestTexts : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void everyCodeHasASentence_data()
    {
        QTest::addColumn<int>("code");
        for (ErrorCode code : allErrorCodes())
            QTest::newRow(std::string(errorName(code)).c_str()) << int(code);
    }
    void everyCodeHasASentence()
    {
        QFETCH(int, code);
        // Every fact that Error.h names anywhere.
        Facts facts;
        for (const char* name : {"path", "reason", "line", "offset", "found", "expected", "column", "position", "value", "type",
                                 "count", "rows", "needed", "name", "players", "limit", "method", "range", "node", "input", "features",
                                 "epoch", "step", "version", "known", "hash", "run", "model", "alias", "explanation", "other", "neededBytes", "availableBytes", "epochs", "layer", "folds", "optimizer", "block", "op"})
            facts.emplace_back(name, std::string("<") + name + ">");
        const QString full = message(ErrorCode(code), facts);
        QVERIFY2(full.contains(u' '), qPrintable(full));
        QVERIFY2(full.endsWith(u'.'), qPrintable(full));
        static const QRegularExpression left(QStringLiteral("%[0-9]|[\\[\\]]|\\?"));
        QVERIFY2(!full.contains(left), qPrintable(full));
        // No fact at all: still a whole sentence, without brackets or numbers of placeholders.
        const QString bare = message(ErrorCode(code), {});
        QVERIFY2(bare.endsWith(u'.'), qPrintable(bare));
        static const QRegularExpression placeholders(QStringLiteral("%[0-9]|[\\[\\]]"));
        QVERIFY2(!bare.contains(placeholders), qPrintable(bare));
    }

    void factsAreFilledIn_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("file") << message(ErrorCode::FileNotFound, {{"path", "a.csv"}})
                              << QStringLiteral("There is no file “a.csv”. Check the path and its spelling.");
        QTest::newRow("values that look like places to fill")
            << message(ErrorCode::FileNotFound, {{"path", "%2 [x].csv"}})
            << QStringLiteral("There is no file “%2 [x].csv”. Check the path and its spelling.");
        QTest::newRow("ragged") << message(ErrorCode::TableRaggedRow, {{"path", "a.csv"}, {"line", "7"}, {"found", "3"}, {"expected", "5"}})
                                << QStringLiteral("Line 7 of “a.csv” has 3 values where the first line has 5. "
                                                  "Look for a missing or an extra separator, or quotes around a value.");
        QTest::newRow("optional part left out") << message(ErrorCode::ColumnUnknown, {{"column", "agee"}})
                                                << QStringLiteral("There is no column “agee”. Check its spelling.");
        QTest::newRow("nearest") << message(ErrorCode::TargetUnknown, {{"column", "speces"}, {"nearest", "species"}})
                                 << QStringLiteral("There is no column “speces” to predict. Name one of the table's columns as the target. "
                                                   "Did you mean “species”?");
        QTest::newRow("where") << message(Issue{Severity::Error, "hidden1", ErrorCode::NetworkCycle, {}})
                               << QStringLiteral("The layer “hidden1” feeds back into itself. Remove a connection of the loop.");
        QTest::newRow("memory") << message(ErrorCode::OutOfMemory, {{"neededBytes", "3221225472"}, {"availableBytes", "1073741824"}})
                                << QStringLiteral("There is not enough memory for this: it needs about %1, and %2 is free. "
                                                  "Try a smaller batch, a smaller network or fewer rows.")
                                       .arg(bytesText(3221225472), bytesText(1073741824));
        QTest::newRow("reason in words") << message(ErrorCode::ColumnIgnored, {{"column", "id"}, {"reason", "identifier"}})
                                         << QStringLiteral("The column “id” is left out: every value is different, as in an identifier.");
        QTest::newRow("no words") << message(ErrorCode::ColumnIgnored, {{"column", "marks"}, {"reason", "no-words"}})
                                  << QStringLiteral("The column “marks” is left out: there is not one word in its texts.");
    }
    void factsAreFilledIn()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(text, expected);
    }

    void exitCodes()
    {
        QCOMPARE(exitCodeOf(ErrorCode::FileNotFound), 3);
        QCOMPARE(exitCodeOf(ErrorCode::DiskFull), 3);
        QCOMPARE(exitCodeOf(ErrorCode::WorkspaceNewer), 3);
        QCOMPARE(exitCodeOf(ErrorCode::Internal), 1);
        QCOMPARE(exitCodeOf(ErrorCode::TrainingDiverged), 1);
    }

    void everySettingIsExplained_data()
    {
        QTest::addColumn<QString>("owner");
        QTest::addColumn<QString>("name");
        const auto add = [](const std::string& owner, const std::string& name) {
            QTest::newRow((owner + '.' + name).c_str()) << QString::fromStdString(owner) << QString::fromStdString(name);
        };
        for (const ParamSpec& param : trainParams())
            add("train", param.name);
        for (const ParamSpec& param : studyParams())
            add("study", param.name);
        for (const ParamSpec& param : rateFinderParams())
            add("rate finder", param.name);
        for (const LayerType& layer : layerCatalog()) {
            for (const ParamSpec& param : layer.params)
                add(layer.name, param.name);
        }
    }
    void everySettingIsExplained()
    {
        QFETCH(QString, owner);
        QFETCH(QString, name);
        const QString label = paramLabel(owner.toStdString(), name.toStdString());
        QVERIFY2(!label.isEmpty() && label != name, qPrintable(label));
        const QString help = paramHelp(owner.toStdString(), name.toStdString());
        QVERIFY2(help.contains(QStringLiteral("Usual: ")) && help.endsWith(u'.'), qPrintable(help));
    }

    void everyLayerIsExplained()
    {
        QVERIFY(!layerCatalog().empty());
        for (const LayerType& layer : layerCatalog())
            QVERIFY2(layerHelp(layer.name).endsWith(u'.'), layer.name.c_str());
        for (const LayerType& layer : layerCatalog())
            if (layer.group == "activation" || layer.group == "convolution" || layer.group == "recurrent" || layer.group == "attention")
                QVERIFY2(layerFormula(layer.name).contains(u'='), layer.name.c_str());
        QCOMPARE(layerTip("Flatten"), layerHelp("Flatten")); // a sentence says it all
        QCOMPARE(layerTip("ReLU").section(u'\n', 1), QString("y = max(0, x)"));
    }

    void numbers_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("under 0.1 s") << durationText(0.02) << "under 0.1 s";
        QTest::newRow("0.34 s") << durationText(0.34) << "0.3 s";
        QTest::newRow("11 s") << durationText(11.2) << "11 s";
        QTest::newRow("2 min 5 s") << durationText(125) << "2 min 5 s";
        QTest::newRow("1 h 3 min") << durationText(3780) << "1 h 3 min";
        QTest::newRow("unknown") << durationText(-1) << "–";
        QTest::newRow("count") << countText(1234567) << "1,234,567";
        QTest::newRow("bytes") << bytesText(1'234'000'000) << "1.2 GB";
        QTest::newRow("four digits") << numberText(0.123456) << "0.1235";
        QTest::newRow("negative") << numberText(-12.3456) << "-12.35";
        QTest::newRow("large") << numberText(123456.7) << "123,457";
        QTest::newRow("whole") << numberText(3750) << "3,750";
        QTest::newRow("thousands") << numberText(1234.56) << "1,235";
        QTest::newRow("tiny") << numberText(1.5e-9) << "1.5E-9";
        QTest::newRow("none") << numberText(std::numeric_limits<double>::quiet_NaN()) << "–";
    }
    void numbers()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(text.toUpper(), expected.toUpper());
    }

    void keysGetWords()
    {
        QCOMPARE(metricName("roc_auc"), QStringLiteral("ROC AUC"));
        QCOMPARE(stageText("epoch 3/20"), QStringLiteral("Epoch 3/20"));
        QCOMPARE(jobText("train", QStringLiteral("penguins")), QStringLiteral("Training penguins"));
        for (const char* reason : {"given", "all-numbers", "two-values", "few-values", "many-values", "all-dates", "free-text",
                                   "all-missing", "mixed"})
            QVERIFY2(guessText(reason, {}).endsWith(u'.'), reason);
    }
};

QTEST_GUILESS_MAIN(TestTexts)
#include "tst_texts.moc"
