#include "core/base/File.h"
#include "core/engine/NetworkPredictor.h"
#include "core/model/TrainSpec.h"
#include "core/workbench/KeptExplanation.h"
#include "tests/support/TestSupport.h"
#include "ui/report/ReportDocument.h"
#include "ui/report/ReportFile.h"

#include <QRegularExpression>
#include <QXmlStreamReader>

#include <algorithm>
#include <cmath>

using namespace limpid;

/// Reports of versions that were trained for real: the bundled penguins, and a table with hostile names.
class TestReport : public QObject
{
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<Workspace> m_workspace;
    ModelVersion m_penguins, m_hostile;
    QByteArray m_html;
    static constexpr qsizetype most = 2'000'000; // bytes

    QString path(const QString& name) const { return m_dir.filePath(name); }
    ModelVersion train(const std::filesystem::path& file, const std::string& target, const std::string& name)
    {
        Task task;
        const DataSet data = openData(file, {}, task);
        TrainRequest request;
        request.pipeline.target = target;
        request.train.epochs = 8;
        request.train.seed = 4711;
        request.name = name;
        return trainModel(*m_workspace, data, request, {}, {}, task).version;
    }
    ReportContents contents(const ModelVersion& version, const ReportQuestion& question = {})
    {
        Task task;
        return gatherReport(*m_workspace, version, explainForReport(*m_workspace, version, question, task), task);
    }
    /// What a browser would show: all text, and that the file is whole.
    static QString textOf(const QByteArray& html)
    {
        QXmlStreamReader reader(html);
        QString text;
        while (!reader.atEnd()) {
            reader.readNext();
            if (reader.isCharacters())
                text += reader.text();
        }
        if (reader.hasError())
            qWarning("line %lld: %s", reader.lineNumber(), qPrintable(reader.errorString())); // fails the test
        return text;
    }

private slots:
    void initTestCase()
    {
        m_workspace = std::make_unique<Workspace>(std::filesystem::path(path("workspace").toStdString()));
        std::filesystem::copy_file(test::project("resources/samples/penguins.csv"), path("penguins.csv").toStdString());
        m_penguins = train(path("penguins.csv").toStdString(), "species", "penguins");
        m_workspace->setAlias("penguins", "best", m_penguins.version);
        m_penguins = m_workspace->resolve("penguins");
        QByteArray csv = "<script>alert(1)</script>,\"a & \"\"b\"\" %1 %2\",kind\n";
        for (int i = 0; i < 80; ++i)
            csv += QByteArray::number(i * 0.37) + "," + QByteArray::number((i * 7) % 13 + 0.5) + "," + (i < 40 ? "<b>ripe" : "]]>green") + "\n";
        m_hostile = train(test::write(m_dir, "hostile.csv", csv), "kind", "hostile");
        Task task;
        m_html = reportHtml(contents(m_penguins), task);
    }

    void isOneWellFormedFile()
    {
        QVERIFY(m_html.startsWith("<!DOCTYPE html>"));
        const QString text = textOf(m_html);
        QVERIFY2(m_html.size() < most, qPrintable(QString::number(m_html.size())));
        QVERIFY(!m_html.contains("<script") && !m_html.contains("<link") && !m_html.contains("@import"));
        // What is loaded or led to is in the file itself.
        static const QRegularExpression places("(?:src|href)=\"([^\"]*)\"");
        auto match = places.globalMatch(QString::fromUtf8(m_html));
        int count = 0;
        for (; match.hasNext(); ++count) {
            const QString place = match.next().captured(1);
            QVERIFY2(place.startsWith("#") || place.startsWith("data:"), qPrintable(place));
        }
        QVERIFY(count > 5);
        QVERIFY(m_html.count("<figure>") >= 8);
        QCOMPARE(m_html.count("<figure>"), m_html.count("role=\"img\"") + m_html.count("<img alt=\""));
    }

    void hasTheRulesOfScreenAndPaper()
    {
        QVERIFY(m_html.contains("@media screen and (prefers-color-scheme: dark)")); // never of paper
        QVERIFY(m_html.contains("@media print") && m_html.contains("size: A4") && m_html.contains("break-before: page"));
        QVERIFY(m_html.contains("break-inside: avoid"));
    }

    void tellsAllOfTheVersion_data()
    {
        QTest::addColumn<QString>("words");
        for (const char* words : {"penguins, version 1", "best", "penguins.csv", "344", "bill_length_mm", "Adelie, Chinstrap, Gentoo", "hidden1", "Linear",
                                  "Accuracy", "Leverage SHAP", "training rows", "Coalitions a row", "4711", "Split", "LibTorch"})
            QTest::newRow(words) << QString::fromLatin1(words);
    }
    void tellsAllOfTheVersion()
    {
        QFETCH(QString, words);
        if (words == QLatin1String("LibTorch"))
            words = QString::fromStdString(m_workspace->run(m_penguins.run).build["torch"].get<std::string>());
        QVERIFY2(textOf(m_html).contains(words), qPrintable(words));
    }

    void hasEverySetting()
    {
        const QString text = textOf(m_html);
        for (const ParamSpec& param : trainParams())
            QVERIFY2(text.contains(QString::fromStdString(param.name)), param.name.c_str());
        QVERIFY(text.contains(QString::fromStdString(m_workspace->run(m_penguins.run).data["sha256"].get<std::string>())));
    }

    void escapesWhatUsersWrote()
    {
        Task task;
        const QByteArray html = reportHtml(contents(m_hostile), task);
        const QString text = textOf(html);
        QVERIFY(!html.contains("<script") && !html.contains("<b>"));
        QVERIFY(text.contains("<script>alert(1)</script>") && text.contains("a & \"b\" %1 %2") && text.contains("<b>ripe"));
    }

    void writesAPdf()
    {
        Task task;
        writeReport(contents(m_penguins), path("report.pdf"), task);
        const std::string bytes = readFile(path("report.pdf").toStdString());
        QVERIFY(bytes.starts_with("%PDF"));
        QVERIFY(bytes.size() < std::size_t(most));
        QVERIFY(QByteArray::fromStdString(bytes).count("/Type /Page\n") > 5);
    }

    void saysWhyNothingIsExplained()
    {
        const std::filesystem::path file = path("moved.csv").toStdString();
        std::filesystem::copy_file(test::project("resources/samples/penguins.csv"), file);
        const ModelVersion version = train(file, "species", "moved");
        writeFileAtomically(file, readFile(file) + "Adelie,Torgersen,39.1,18.7,181,3750,male,2007\n");
        ReportContents changed = contents(version);
        QVERIFY(changed.explanations.list.empty());
        QVERIFY(changed.explanations.missing.contains("has changed"));
        std::filesystem::remove(file);
        ReportContents gone = contents(version);
        QVERIFY2(gone.explanations.missing.contains("moved.csv"), qPrintable(gone.explanations.missing));
        Task task;
        QVERIFY(textOf(reportHtml(gone, task)).contains(gone.explanations.missing));
        // A file that is named is another matter.
        QCOMPARE(test::errorNameOf([&] { contents(version, {file}); }), std::string("FileNotFound"));
        QCOMPARE(contents(version, {path("penguins.csv").toStdString(), "exact", 3, 10}).explanations.list.at(0).rowCount(), std::size_t(7));
        QCOMPARE(test::errorNameOf([&] { contents(version, {path("penguins.csv").toStdString(), "exact", 300, 400}); }), std::string("RowRangeInvalid"));
    }

    void tellsWhatIsKept()
    {
        const ModelVersion version = m_penguins;
        const std::filesystem::path file = path("penguins.csv").toStdString();
        Task task;
        const std::unique_ptr<Predictor> predictor = makePredictor(m_workspace->loadBundle(version));
        const DataSet data = openDataForModel(file, predictor->pipeline(), task);
        const auto keep = [&](const std::string& method, std::size_t rows) {
            ExplainRequest request;
            request.method = method;
            request.rowEnd = rows;
            return keepExplanation(*m_workspace, version, data, request, explainTable(*predictor, data.table(), {}, request, {}, task), Keeping::Automatic);
        };
        const ExplanationRecord older = keep("exact", 12), newer = keep("exact", 15), other = keep("saliency", 20);
        m_workspace->nameExplanation(older.id, "the <first>");
        const auto rowsOf = [](const ReportContents& told) {
            std::vector<std::size_t> rows;
            for (const ReportExplanation& one : told.explanations.list)
                rows.push_back(one.rowCount());
            return rows;
        };
        // The newest of each method, and none made anew; or those that are named, in their order; or a new one before them.
        QVERIFY(rowsOf(contents(version)) == (std::vector<std::size_t>{20, 15}));
        ReportQuestion question;
        question.kept = {older.id, other.id};
        const ReportContents chosen = contents(version, question);
        QVERIFY(rowsOf(chosen) == (std::vector<std::size_t>{12, 20}));
        const QString text = textOf(reportHtml(chosen, task));
        QVERIFY(text.contains("the <first>") && text.contains("Kept on") && text.contains("12 of penguins.csv"));
        question.explain = true;
        QVERIFY(rowsOf(contents(version, question)) == (std::vector<std::size_t>{200, 12, 20}));
        question.kept->clear();
        question.explain = false;
        QVERIFY(rowsOf(contents(version, question)).empty());
        question.explain.reset();
        QVERIFY(rowsOf(contents(version, question)) == std::vector<std::size_t>{200});
        question.kept = {newer.id};
        QCOMPARE(test::errorNameOf([&] { contents(m_hostile, question); }), std::string("ExplanationUnknown"));
        for (const ExplanationRecord& record : {older, newer, other})
            m_workspace->deleteExplanation(record.id);
    }

    void tellsEffects_data()
    {
        QTest::addColumn<int>("columns");
        QTest::addColumn<bool>("ale");
        QTest::newRow("none") << 0 << false;
        QTest::newRow("two of partial dependence") << 2 << false;
        QTest::newRow("three accumulated") << 3 << true;
    }
    void tellsEffects()
    {
        QFETCH(int, columns);
        QFETCH(bool, ale);
        ReportQuestion question;
        question.effectColumns = static_cast<std::size_t>(columns);
        question.effects = ale ? EffectMethod::Ale : EffectMethod::PartialDependence;
        const ReportContents told = contents(m_penguins, question);
        const ReportDocument document = reportDocument(told);
        const auto section = std::find_if(document.sections.begin(), document.sections.end(), [](const ReportSection& one) { return one.id == "effects"; });
        QCOMPARE(section != document.sections.end(), columns > 0);
        if (columns == 0)
            return;
        QStringList figures;
        for (const ReportBlock& block : section->blocks)
            if (const auto* figure = std::get_if<ReportFigure>(&block))
                figures << figure->title;
        QCOMPARE(figures.size(), columns);
        // Those that the explanation has first: their values, summed over the outputs here.
        const Explanation& e = *told.explanations.list.front().columns;
        std::vector<std::pair<double, std::string>> weights;
        for (std::size_t feature = 0; feature < e.features.size(); ++feature) {
            double sum = 0.0;
            for (std::size_t row = 0; row < e.rowCount(); ++row)
                for (std::size_t output = 0; output < e.outputs.size(); ++output)
                    sum += std::abs(e.value(row, output, feature));
            weights.emplace_back(-sum, e.features[feature]);
        }
        std::sort(weights.begin(), weights.end());
        for (int i = 0; i < columns; ++i)
            QVERIFY2(figures.contains(QString::fromStdString(weights[static_cast<std::size_t>(i)].second)), qPrintable(figures.join(' ')));
    }

    void measuresQuality()
    {
        Task task;
        QVERIFY(textOf(m_html).contains("was not measured for this report"));
        ReportQuestion question;
        question.effectColumns = 1;
        question.method = "exact";
        question.rowEnd = 8;
        question.quality = true;
        const ReportCost cost = estimateReport(*m_workspace, m_penguins, question, task);
        QVERIFY(cost.explaining > 0.0 && cost.effects > 0.0 && cost.quality > 0.0);
        question.quality = false;
        QCOMPARE(estimateReport(*m_workspace, m_penguins, question, task).quality, 0.0);
        question.quality = true;
        const ReportContents measured = contents(m_penguins, question);
        QVERIFY(measured.explanations.quality && measured.explanations.quality->complete);
        QCOMPARE(measured.explanations.quality->rows.size(), std::size_t(8));
        const QByteArray html = reportHtml(measured, task);
        const QString text = textOf(html);
        for (const char* words : {"Insertion", "Deletion", "Infidelity", "Sensitivity", "Randomised weights", "Agreement", "random order"})
            QVERIFY2(text.contains(words), words);
        QVERIFY(html.size() < most);
        // Contents list, sections and their headings agree.
        static const QRegularExpression sections("<section id=\"([a-z]+)\"");
        QStringList ids;
        for (auto match = sections.globalMatch(QString::fromUtf8(html)); match.hasNext();)
            ids << match.next().captured(1);
        QCOMPARE(ids, QStringList({"data", "network", "training", "metrics", "explanations", "effects", "quality", "settings"}));
        for (const QString& id : ids)
            QVERIFY(html.contains(("href=\"#" + id + "\"").toUtf8()));
    }

    void tellsOfWords()
    {
        // Each text is of its own; "splendid" or "dreadful" tells the kind.
        QByteArray csv = "review,kind\n";
        for (int i = 0; i < 120; ++i)
            csv += "the film number" + QByteArray::number(i) + " was in short " + (i % 2 ? "splendid,pos\n" : "dreadful,neg\n");
        const std::filesystem::path file = test::write(m_dir, "reviews.csv", csv);
        Task task;
        TrainRequest training;
        training.pipeline.target = "kind";
        training.preset = "text-bag";
        training.train.epochs = 4;
        training.name = "reviews";
        const DataSet data = openData(file, {}, task);
        const ModelVersion version = trainModel(*m_workspace, data, training, {}, {}, task).version;
        const std::unique_ptr<Predictor> predictor = makePredictor(m_workspace->loadBundle(version));
        TextRequest request;
        request.rowEnd = 6;
        keepWords(*m_workspace, version, data, request, explainTexts(*predictor, data.table(), request, {}, task));
        ReportQuestion question;
        question.explain = false;
        const ReportContents told = contents(version, question);
        QCOMPARE(told.explanations.list.size(), std::size_t(1));
        QVERIFY(!told.explanations.effects); // a text has no effect along its values
        const QByteArray html = reportHtml(told, task);
        QVERIFY(textOf(html).contains("splendid") && textOf(html).contains("6 of reviews.csv"));
    }

    void doesWithoutARun()
    {
        const ModelVersion version = m_workspace->addVersion("imported", 0, m_workspace->loadBundle(m_penguins), nlohmann::json::object());
        Task task;
        const QString text = textOf(reportHtml(contents(version), task));
        QVERIFY(text.contains("imported, version 1") && text.contains("not in this workspace"));
    }

    void leavesTheOldFile_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("html") << "old.html";
        QTest::newRow("pdf") << "old.pdf";
    }
    void leavesTheOldFile()
    {
        QFETCH(QString, name);
        const std::filesystem::path old = test::write(m_dir, name, "as it was");
        const ReportContents whole = contents(m_hostile);
        Task cancelled;
        cancelled.cancel();
        QVERIFY_EXCEPTION_THROWN(writeReport(whole, path(name), cancelled), Cancelled);
        Task later([&later](const Task::Progress& progress) { // in the midst of the plots
            if (progress.fraction > 0.3)
                later.cancel();
        });
        QVERIFY_EXCEPTION_THROWN(writeReport(whole, path(name), later), Cancelled);
        QCOMPARE(readFile(old), std::string("as it was"));
        Task task;
        QCOMPARE(test::errorNameOf([&] { writeReport(whole, path("no/such/") + name, task); }), std::string("FileUnwritable"));
        QCOMPARE(test::errorNameOf([&] { makeReport(*m_workspace, m_hostile, {}, path("report.docx"), task); }), std::string("OptionInvalid"));
    }
};

QTEST_MAIN(TestReport)
#include "tst_report.moc"
