#include "core/workbench/PictureJson.h"
#include "tests/support/TestSupport.h"
#include "ui/charts/LineChart.h"
#include "ui/charts/ValidationView.h"
#include "ui/models/ModelTree.h"
#include "ui/models/ModelsPage.h"
#include "ui/models/RecordTexts.h"
#include "ui/models/RunTable.h"
#include "ui/models/RunsView.h"
#include "ui/session/Session.h"
#include "ui/theme/Theme.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QCheckBox>
#include <QDialog>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>
#include <QTreeView>

#include <cmath>

using namespace limpid;

/// The page against a workspace of its own with one model of two versions, trained for real, and an interrupted run.
class TestModelsPage : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;
    std::shared_ptr<Workspace> m_workspace;
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<JobQueue> m_queue;
    std::unique_ptr<JobRunner> m_jobs;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<ModelsPage> m_page;
    std::int64_t m_interrupted = 0;

    template<class Widget>
    Widget* child(const QString& name) const
    {
        auto* widget = m_page->findChild<Widget*>(name);
        if (!widget)
            qFatal("no %s on the page", qPrintable(name));
        return widget;
    }
    void fill()
    {
        QByteArray csv = "width,height,sort\n";
        for (int i = 0; i < 80; ++i)
            csv += QByteArray::number(i * 0.37) + "," + QByteArray::number((i * 7) % 13 + 0.5) + "," + (i % 80 < 40 ? "ripe" : "green") + "\n";
        Task task;
        const DataSet data = openData(test::write(*m_dir, "fruit.csv", csv), {}, task);
        TrainRequest request;
        request.pipeline.target = "sort";
        request.train.epochs = 3;
        for (int i = 0; i < 2; ++i) {
            request.train.seed = static_cast<std::uint64_t>(i + 1);
            trainModel(*m_workspace, data, request, {}, {}, task);
        }
        RunRecord run;
        run.name = "broken";
        run.startedMs = 1700000000000;
        run.id = m_interrupted = m_workspace->beginRun(run);
        run.status = RunStatus::Interrupted;
        m_workspace->endRun(run);
    }
    void open(bool filled)
    {
        if (filled)
            fill();
        m_session = std::make_unique<Session>(*m_jobs, m_workspace);
        m_page = std::make_unique<ModelsPage>(*m_session, *m_theme);
        m_page->resize(1368, 816);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
        if (filled) {
            m_session->refreshRegistry();
            QTRY_COMPARE(m_session->runs().size(), std::size_t(3));
            QTRY_COMPARE(m_session->models().size(), std::size_t(1));
        }
    }

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_workspace = std::make_shared<Workspace>(std::filesystem::path(m_dir->path().toStdString()) / "workspace");
        m_theme = std::make_unique<Theme>(qApp);
        m_queue = std::make_unique<JobQueue>();
        m_jobs = std::make_unique<JobRunner>(*m_queue);
    }
    void cleanup()
    {
        m_page.reset();
        m_session.reset();
        m_jobs.reset();
        m_queue.reset();
        m_theme.reset();
        m_workspace.reset();
    }

    void emptyTabsLeadToTraining()
    {
        open(false);
        QSignalSpy asked(m_session.get(), &Session::pageRequested);
        QVERIFY(child<QPushButton>("modelsToTrainButton")->isVisible());
        QTest::mouseClick(child<QPushButton>("modelsToTrainButton"), Qt::LeftButton);
        child<QTabBar>("modelsTabs")->setCurrentIndex(1);
        QVERIFY(child<QPushButton>("runsToTrainButton")->isVisible());
        QTest::mouseClick(child<QPushButton>("runsToTrainButton"), Qt::LeftButton);
        QCOMPARE(asked.size(), 2);
        QCOMPARE(asked[1][0].toString(), QString("train"));
    }

    void itemModelsKeepTheRules()
    {
        open(true);
        ModelTree tree;
        QAbstractItemModelTester treeTester(&tree, QAbstractItemModelTester::FailureReportingMode::QtTest);
        RunTable table(*m_theme);
        QAbstractItemModelTester tableTester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        tree.setModels(m_session->models());
        table.setRuns(m_session->runs());
        QCOMPARE(tree.rowCount(), 1);
        QCOMPARE(tree.rowCount(tree.index(0, 0)), 2);
        QCOMPARE(tree.versionAt(tree.indexOf("fruit", 1))->version, 1);
        QVERIFY(!tree.indexOf("fruit", 3).isValid());
        QCOMPARE(table.rowCount(), 3);
        QCOMPARE(table.index(table.rowOf(m_interrupted), RunTable::Status).data().toString(), QString("Interrupted"));
        QCOMPARE(table.rowOf(12345), -1);
        m_theme->setMode(Theme::Mode::Dark);
        tree.setModels({});
        table.setRuns({});
        QCOMPARE(tree.rowCount() + table.rowCount(), 0);
    }

    void showsTheNewestVersion()
    {
        open(true);
        auto* tree = child<QTreeView>("modelTree");
        QVERIFY(tree->isVisible());
        QTRY_COMPARE(tree->currentIndex().data().toString(), QString("Version 2"));
        QVERIFY(child<QLabel>("metric_roc_auc")->isVisible());
        const double stored = m_session->models()[0].versions[0].metrics["validation"]["roc_auc"].get<double>();
        QVERIFY(std::abs(QLocale().toDouble(child<QLabel>("metric_roc_auc")->text()) - stored) < 1e-3);
        QTest::keyClick(tree, Qt::Key_Down);
        QCOMPARE(tree->currentIndex().data().toString(), QString("Version 1"));
    }

    void aliasesComeMoveAndGo()
    {
        open(true);
        QTest::mouseClick(child<QPushButton>("suggest_champion"), Qt::LeftButton);
        QTRY_VERIFY(m_page->findChild<QWidget*>("chip_champion"));
        QCOMPARE(m_workspace->resolve("fruit@champion").version, 2);
        QVERIFY(!m_page->findChild<QPushButton*>("suggest_champion"));

        // It moves to the other version.
        auto* tree = child<QTreeView>("modelTree");
        QTest::keyClick(tree, Qt::Key_Down);
        QTRY_VERIFY(m_page->findChild<QPushButton*>("suggest_champion"));
        QTest::mouseClick(child<QPushButton>("suggest_champion"), Qt::LeftButton);
        QTRY_VERIFY(m_page->findChild<QWidget*>("chip_champion"));
        QCOMPARE(m_workspace->resolve("fruit@champion").version, 1);

        auto* field = child<QLineEdit>("aliasField");
        QTest::keyClicks(field, "2024 best"); // must begin with a letter, and has no blank
        QCOMPARE(field->text(), QString("best"));
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_VERIFY(m_page->findChild<QWidget*>("chip_best"));
        QTest::mouseClick(child<QToolButton>("removeAlias_champion"), Qt::LeftButton);
        QTRY_VERIFY(!m_page->findChild<QWidget*>("chip_champion"));
        QCOMPARE(m_session->models()[0].versions[1].aliases, std::vector<std::string>{"best"});
    }

    void writesAReport()
    {
        open(true);
        QSignalSpy noticed(m_session.get(), &Session::noticed);
        QSignalSpy failed(m_session.get(), &Session::failed);
        const QString path = m_dir->filePath("fruit.html");
        for (const QString& place : {path, m_dir->filePath("nowhere/fruit.html")}) {
            QTest::mouseClick(child<QPushButton>("reportButton"), Qt::LeftButton);
            auto* options = child<QDialog>("reportOptions");
            auto* write = options->findChild<QPushButton*>("report.write");
            QTRY_VERIFY(write->isEnabled()); // what is kept has been read
            QVERIFY(options->findChild<QCheckBox*>("report.explain")->isChecked()); // as nothing is
            options->findChild<QSpinBox*>("report.columns")->setValue(1);
            auto* cost = options->findChild<QLabel*>("report.cost");
            QTRY_VERIFY2(cost->text().startsWith("It takes") && !cost->text().contains("trusted"), qPrintable(cost->text()));
            options->findChild<QCheckBox*>("report.quality")->setChecked(true);
            QTRY_VERIFY2(cost->text().contains("trusted takes"), qPrintable(cost->text()));
            options->findChild<QCheckBox*>("report.quality")->setChecked(false);
            write->click();
            auto* dialog = child<QFileDialog>("reportDialog");
            emit dialog->fileSelected(place);
            dialog->reject();
            QTRY_COMPARE(noticed.size() + failed.size(), place == path ? 1 : 2);
            QTRY_VERIFY(!m_page->findChild<QFileDialog*>("reportDialog"));
        }
        QCOMPARE(noticed.size(), 1);
        QVERIFY2(noticed[0][0].toString().contains(path), qPrintable(noticed[0][0].toString()));
        QVERIFY2(failed[0][0].toString().contains("can't be written"), qPrintable(failed[0][0].toString()));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray html = file.readAll();
        QVERIFY(html.contains("fruit, version 2") && html.contains("Leverage SHAP"));
    }

    void exportsABundle()
    {
        open(true);
        QSignalSpy noticed(m_session.get(), &Session::noticed);
        QSignalSpy failed(m_session.get(), &Session::failed);
        QTest::mouseClick(child<QPushButton>("exportButton"), Qt::LeftButton);
        auto* dialog = child<QFileDialog>("exportDialog");
        emit dialog->fileSelected(m_dir->path());
        dialog->reject();
        QTRY_COMPARE(noticed.size(), 1);
        const std::filesystem::path folder = std::filesystem::path(m_dir->path().toStdString()) / "fruit-v2";
        QVERIFY(std::filesystem::exists(folder / "model.safetensors"));
        QCOMPARE(readBundle(folder).weights == m_workspace->loadBundle(m_workspace->resolve("fruit@2")).weights, true);
        QCOMPARE(failed.size(), 0);
    }

    void explainsTheShownVersion()
    {
        open(true);
        QSignalSpy asked(m_session.get(), &Session::pageRequested);
        QSignalSpy version(m_session.get(), &Session::explainRequested);
        QTest::keyClick(child<QTreeView>("modelTree"), Qt::Key_Down);
        QTest::mouseClick(child<QPushButton>("explainButton"), Qt::LeftButton);
        QCOMPARE(version.size(), 1);
        QCOMPARE(version[0][0].toString(), QString("fruit@1"));
        QCOMPARE(asked[0][0].toString(), QString("explain"));
    }

    void opensTheShownVersionsNetwork()
    {
        open(true);
        QStringList order; // the page must be there before it can listen
        connect(m_session.get(), &Session::pageRequested, this, [&](const QString& page) { order << page; });
        connect(m_session.get(), &Session::networkRequested, this, [&](const QString& version) { order << version; });
        QTest::mouseClick(child<QPushButton>("openNetworkButton"), Qt::LeftButton);
        QCOMPARE(order, (QStringList{"network", "fruit@2"}));
    }

    void deletesOnlyWhatNothingCameOf()
    {
        open(true);
        child<QTabBar>("modelsTabs")->setCurrentIndex(1);
        auto* table = child<QTableView>("runTable");
        auto* remove = child<QPushButton>("deleteRunButton");
        const auto select = [&](const QString& status) {
            for (int row = 0; row < table->model()->rowCount(); ++row)
                if (table->model()->index(row, RunTable::Status).data().toString() == status)
                    table->selectRow(row);
        };
        select("Finished");
        QVERIFY(!remove->isEnabled()); // a version came of it
        QTest::keyClick(table, Qt::Key_Delete);
        QVERIFY(!child<QWidget>("confirmBar")->isVisible());

        select("Interrupted");
        QVERIFY(remove->isEnabled());
        QTest::keyClick(table, Qt::Key_Delete);
        QVERIFY(child<QWidget>("confirmBar")->isVisible());
        QTest::mouseClick(child<QPushButton>("keepRunButton"), Qt::LeftButton);
        QVERIFY(!child<QWidget>("confirmBar")->isVisible());
        QCOMPARE(m_workspace->runs().size(), std::size_t(3));

        QTest::mouseClick(remove, Qt::LeftButton);
        QTest::mouseClick(child<QPushButton>("confirmDeleteButton"), Qt::LeftButton);
        QTRY_COMPARE(table->model()->rowCount(), 2);
        QCOMPARE(m_workspace->runs().size(), std::size_t(2));
    }

    /// Curves, gradients and pictures of a run that finished; a sentence for one that never came to an epoch.
    void showsWhatARunSaw()
    {
        open(true);
        constexpr std::int64_t finished = 1;
        m_workspace->appendCurve(finished, "gradient/output", std::vector<CurvePoint>{{64, 1.0, 0.5}, {128, 2.0, 0.25}});
        child<QTabBar>("modelsTabs")->setCurrentIndex(1);
        auto* runs = m_page->findChild<RunsView*>(); // the models' tab has such a card too
        auto* note = runs->findChild<QLabel*>("curvesNote");
        auto* picture = runs->findChild<QWidget*>("picture");
        auto* loss = runs->findChild<QWidget*>("curves");
        runs->selectRun(m_interrupted);
        QTRY_VERIFY(note->isVisible() && note->text().contains("first epoch"));
        QVERIFY(!picture->isVisible() && !loss->isVisible());
        runs->selectRun(finished);
        QTRY_VERIFY(picture->isVisible());
        auto* view = runs->findChild<ValidationView*>();
        QVERIFY(view->picture() && view->picture()->classes.size() == 1);
        QVERIFY(!note->isVisible() && loss->isVisible());
        runs->findChild<QAbstractButton*>("gradients")->click();
        auto* gradients = runs->findChild<LineChart*>("gradientCurves");
        QVERIFY(gradients->isVisible() && !loss->isVisible());
        QVERIFY(gradients->sentence().contains("output goes from 0.5 to 0.25"));
        m_workspace->setValue(pictureKey(finished), nullptr); // as a run from before there were pictures
        runs->selectRun(m_interrupted);
        runs->selectRun(finished);
        auto* why = runs->findChild<QLabel*>("pictureWhy");
        QTRY_VERIFY(why->isVisible() && why->text().contains("without pictures"));
    }

    void wordsFigures()
    {
        const nlohmann::json metrics = {{"train", {{"accuracy", 0.5}, {"roc_auc", 0.75}}},
                                        {"validation", {{"accuracy", 0.25}, {"roc_auc", nullptr}}}};
        const std::vector<MetricRow> rows = metricRows(metrics);
        QCOMPARE(rows.size(), std::size_t(2));
        QCOMPARE(rows[0].name, std::string("roc_auc")); // the telling one first
        QVERIFY(std::isnan(rows[0].validation));
        QCOMPARE(rows[1].validation, 0.25);
        QVERIFY(metricRows(nlohmann::json()).empty());
        QVERIFY(mainMetricText(nlohmann::json()).isEmpty());
        QVERIFY(runSettings(RunRecord()).empty());
    }
};

QTEST_MAIN(TestModelsPage)
#include "tst_models_page.moc"
