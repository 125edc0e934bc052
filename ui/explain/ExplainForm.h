#pragma once

#include "core/store/Workspace.h"
#include "ui/explain/ExplainWork.h"

#include <QWidget>

#include <vector>

class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace limpid {

class BackgroundField;
class LockList;
class Session;

/// What is to be explained and how: model version, method, and of the settings those that the method heeds. Choices are kept
/// with the session's view settings under "explain".
class ExplainForm : public QWidget
{
    Q_OBJECT
public:
    explicit ExplainForm(Session& session, QWidget* parent = nullptr);

    /// The version chosen; none where there is no model yet.
    std::optional<ModelVersion> version() const;
    ExplainQuestion question() const;
    std::string method() const;
    void setCost(const QString& sentence);
    /// What the version takes and predicts, once it is loaded. Where it reads texts, their words can be asked for.
    void setModel(const Pipeline& pipeline);
    /// Rows of the table become what is compared with.
    void compareWith(std::vector<std::size_t> rows);
    void setRunning(bool running);
    QPushButton* button() const { return m_button; }
    /// Opens what was kept.
    QPushButton* keptButton() const { return m_kept; }

signals:
    void changed();          ///< anything that changes what explaining would cost or give
    void asked();            ///< a new background was brought: for the answer against it

private:
    void fillVersions();
    /// Those that there are for the players chosen; what was chosen stays where it can.
    void fillMethods();
    void fillWanted();
    CounterfactualRequest counterfactualRequest() const;
    bool ofWords() const;
    void setTexts(const QStringList& columns);
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
    QComboBox *m_version, *m_players, *m_text, *m_method, *m_column, *m_space, *m_target, *m_wanted;
    QSpinBox *m_first, *m_rows, *m_budget, *m_top, *m_sample, *m_repeats, *m_depth, *m_row, *m_alternatives;
    QLineEdit* m_number;
    LockList* m_locked;
    BackgroundField* m_background;
    std::vector<TargetCoding> m_targets;   ///< of the version, once it is loaded
    QLabel* m_cost;
    QPushButton *m_button, *m_kept;
    bool m_restoring = false;
};

} // namespace limpid
