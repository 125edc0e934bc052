#pragma once

#include "core/store/Workspace.h"
#include "core/workbench/NamedCohorts.h"
#include "ui/explain/ExplainWork.h"

#include <QWidget>

#include <vector>

class QComboBox;
class QGridLayout;
class QHBoxLayout;
class QLabel;
class QPushButton;
class QSpinBox;

namespace limpid {

class BackgroundField;
class CohortBook;
class ColumnList;
class MethodOptions;
class PlayersButton;
class Session;
class VersionBox;
class WantedFields;

/// What is to be explained and how: model version, method, and of the settings those that the method heeds. Choices are kept
/// with the session's view settings under "explain".
class ExplainForm : public QWidget
{
    Q_OBJECT
public:
    ExplainForm(Session& session, CohortBook& cohorts, QWidget* parent = nullptr);

    /// The version chosen; none where there is no model yet.
    std::optional<ModelVersion> version() const;
    ExplainQuestion question() const;
    std::string method() const;
    /// `more`: of less weight, where there is room.
    void setCost(const QString& sentence, const QString& more = {});
    /// Why it cannot be told; "": it can.
    void setProblem(const QString& sentence);
    /// What the version takes and predicts, once it is loaded. Where it reads texts, their words can be asked for; where it takes pictures
    /// (hasSuperpixels()), their superpixels, and which of its layers give pictures.
    void setModel(const Pipeline& pipeline, bool pictures, const std::vector<std::string>& pictureLayers);
    /// Rows of the table become what is compared with.
    void compareWith(std::vector<std::size_t> rows);
    /// Of question(), for people: the cohort whose rows are explained, and the groups of columns that play; "" where there are none.
    QString cohortAsked() const;
    QString groupsAsked() const;
    void setRunning(bool running);
    QPushButton* button() const { return m_button; }
    /// Opens what was kept.
    QPushButton* keptButton() const { return m_kept; }

signals:
    void changed();          ///< anything that changes what explaining would cost or give
    void asked();            ///< a new background was brought, perhaps while it runs: for the answer against it

private:
    /// Those that there are for the players chosen; what was chosen stays where it can.
    void fillMethods();
    void fillCohorts();
    void openCohorts();
    /// Whose rows are explained; null: a range of rows.
    const NamedCohort* cohort() const;
    bool isOfRows() const;
    bool groupsPlay() const;
    CounterfactualRequest counterfactualRequest() const;
    bool ofWords() const;
    bool ofSuperpixels() const;
    /// Those that the version has; what was chosen stays, and comes back with a version that has it.
    void fillPlayers();
    void setTexts(const QStringList& columns, bool pictures);
    void limitRows();
    /// Only what the method heeds is shown.
    void showFields();
    void restore();
    void keep();

    Session& m_session;
    struct Field {
        QLabel* label;
        QWidget* widget;
        int column, width;
    };
    std::vector<Field> m_fields;
    QGridLayout* m_grid;
    VersionBox* m_version;
    QComboBox *m_players, *m_text, *m_method, *m_column, *m_space;
    WantedFields* m_wanted;
    QLabel* m_playersLabel;
    MethodOptions* m_options;
    QSpinBox *m_first, *m_rows, *m_budget, *m_top, *m_sample, *m_repeats, *m_depth, *m_row, *m_alternatives;
    ColumnList* m_locked;
    BackgroundField* m_background;
    CohortBook& m_cohorts;
    PlayersButton* m_groups;
    QComboBox* m_which;           ///< which rows: a range, or a cohort
    QPushButton* m_manage;
    QString m_wantedCohort;       ///< that was chosen last, to be chosen again once it is there
    QLabel *m_cost, *m_costMore;
    QHBoxLayout *m_second, *m_third;   ///< lines: what rows are compared with; players and the method's own settings
    QPushButton *m_button, *m_kept;
    QString m_wantedPlayers = QStringLiteral("columns");
    bool m_pictures = false;
    bool m_restoring = false;
};

} // namespace limpid
